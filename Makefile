# Weft's build. `make help` lists the targets.
CC := $(shell command -v clang-19 || command -v gcc)
BUILD ?= build/release
CFLAGS_release := -O2 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
KIND := $(notdir $(BUILD))
CPPFLAGS += -Isrc -Iinclude -D_GNU_SOURCE
CFLAGS += -std=gnu11 -Wall -Wextra -Wshadow -Wno-unused-parameter -ffp-contract=off -fvisibility=hidden \
          -fno-strict-aliasing $(CFLAGS_$(KIND))
LDFLAGS += $(if $(filter asan,$(KIND)),-fsanitize=address$(comma)undefined)
LDLIBS += -lm -lpthread
comma := ,

SRC := $(shell find src -name '*.c')
OBJ := $(SRC:%.c=$(BUILD)/%.o)
LIBOBJ := $(filter-out $(BUILD)/src/cli/%,$(OBJ))

all: weft
weft: $(BUILD)/weft
	@cp -f $< $@
$(BUILD)/weft: $(OBJ)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
clean:
	rm -rf build weft
.PHONY: all weft clean
-include $(OBJ:.o=.d)

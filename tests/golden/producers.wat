;;! weft inspect --section producers
(module
  (@producers
    (language "C11" "")
    (processed-by "clang" "19.1.7")
    (processed-by "b" "2")
    (sdk "example-sdk" "3"))
  (func (export "f")))
;;= custom section "producers": at 0x1f, 66 bytes from 0x2b
;;=       0x2b  03 08 6c 61 6e 67 75 61  67 65 01 03 43 31 31 00  ..language..C11.
;;=       0x3b  0c 70 72 6f 63 65 73 73  65 64 2d 62 79 02 05 63  .processed-by..c
;;=       0x4b  6c 61 6e 67 06 31 39 2e  31 2e 37 01 62 01 32 03  lang.19.1.7.b.2.
;;=       0x5b  73 64 6b 01 0b 65 78 61  6d 70 6c 65 2d 73 64 6b  sdk..example-sdk
;;=       0x6b  01 33                                             .3

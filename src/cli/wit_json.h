// wit_json.h -- what WIT stands for, as JSON. See docs/wit.md for what is in it.
#pragma once

#include "cli/json.h"
#include "component/wit/wit.h"

// The caller catches the failure of the writer's arena.
void wit_json(const Wit *wit, Json *j);

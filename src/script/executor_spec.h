// executor_spec.h -- what only the formal machine has of an executor.
#pragma once

#include "script/executor.h"
#include "script/host_spec.h"

// Its configuration, for who follows its steps (Config.watch).
Config *executor_config(Executor *x);

// fuse.h -- adapters between components (component/abi/fuse.h) in a store.
#pragma once

#include "component/run/state.h"
#include "engine/engine.h"

Instantiated run_fuse(ComponentRun *run, const Step *s, Diag *diag);

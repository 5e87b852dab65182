// component_host.h -- what components in scripts import: instances that are registered or have an
// identifier, and a host that peers' scripts know.
#pragma once

#include "script/state.h"

// Of a script; made when it is first asked for.
struct ScriptComponentHost {
    ComponentHost host;
    PlanLink link;
    u32 drops, last_drop;      // of the host's resource
};
ScriptComponentHost *script_component_host(Script *s);

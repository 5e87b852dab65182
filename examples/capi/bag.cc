// bag.cc -- wasm.hh: a host function that is a C++ object, references in a guest's table, a trap
// that says why, and what is freed by going out of scope.
//
//     c++ bag.cc -lweft -o bag

#include <iostream>
#include <map>
#include <string>
#include <wasm.hh>

// A guest that has a bag of things of the host's, and asks for the weight of each.
static const char text[] =
    "(module"
    "  (import \"host\" \"weigh\" (func $weigh (param externref) (result f64)))"
    "  (table $bag (export \"bag\") 0 8 externref)"
    "  (global (export \"most\") (mut f64) (f64.const 10))"
    "  (func (export \"put\") (param externref) (result i32)"
    "    (table.grow $bag (local.get 0) (i32.const 1)))"
    "  (func (export \"weight\") (result f64) (local $i i32) (local $sum f64)"
    "    (loop $next"
    "      (if (i32.lt_u (local.get $i) (table.size $bag)) (then"
    "        (local.set $sum (f64.add (local.get $sum)"
    "          (call $weigh (table.get $bag (local.get $i)))))"
    "        (local.set $i (i32.add (local.get $i) (i32.const 1)))"
    "        (br $next))))"
    "    (if (f64.gt (local.get $sum) (global.get 0)) (then (unreachable)))"
    "    (local.get $sum)))";

using wasm::own;
using wasm::Val;

// What a host function has beside its arguments.
struct Scale {
    wasm::Store *store;
    std::map<std::string, double> weights;

    static own<wasm::Trap> refuse(wasm::Store *store, const std::string &why)
    {
        return wasm::Trap::make(store, wasm::Message::make_nt(why));
    }

    static own<wasm::Trap> weigh(void *env, const wasm::vec<Val> &args, wasm::vec<Val> &results)
    {
        auto scale = static_cast<Scale *>(env);
        auto thing = args[0].ref();
        auto name = thing ? static_cast<std::string *>(thing->get_host_info()) : nullptr;
        auto found = name ? scale->weights.find(*name) : scale->weights.end();
        if (found == scale->weights.end())
            return refuse(scale->store, "no weight of " + (name ? *name : "nothing"));
        results[0] = Val::f64(found->second);
        return nullptr;
    }
};

static void end_name(void *info)
{
    auto name = static_cast<std::string *>(info);
    std::cout << *name << " is gone" << std::endl;
    delete name;
}

static own<wasm::Ref> thing(wasm::Store *store, const char *name)
{
    auto made = wasm::Foreign::make(store);
    made->set_host_info(new std::string(name), end_name);
    return made;
}

static void tell_weight(const wasm::Func *weight)
{
    auto args = wasm::vec<Val>::make();
    auto results = wasm::vec<Val>::make_uninitialized(1);
    if (auto trap = weight->call(args, results)) {
        std::cout << trap->message().get() << ", " << trap->trace().size() << " frame, function "
                  << trap->origin()->func_index() << std::endl;
    } else {
        std::cout << "it weighs " << results[0].f64() << std::endl;
    }
}

int main()
{
    auto engine = wasm::Engine::make();
    auto store = wasm::Store::make(engine.get());
    auto bytes = wasm::vec<byte_t>::make(std::string(text));
    auto module = wasm::Module::make(store.get(), bytes);

    Scale scale = {store.get(), {{"a pear", 0.25}, {"a melon", 2}, {"an anvil", 90}}};
    auto type = wasm::FuncType::make(
        wasm::ownvec<wasm::ValType>::make(wasm::ValType::make(wasm::ValKind::EXTERNREF)),
        wasm::ownvec<wasm::ValType>::make(wasm::ValType::make(wasm::ValKind::F64)));
    auto weigh = wasm::Func::make(store.get(), type.get(), Scale::weigh, &scale);
    auto imports = wasm::vec<wasm::Extern *>::make(weigh.get());
    auto instance = wasm::Instance::make(store.get(), module.get(), imports);
    if (!instance) return 1;
    auto exports = instance->exports();
    auto bag = exports[0]->table();
    auto most = exports[1]->global();
    auto put = exports[2]->func();
    auto weight = exports[3]->func();

    // The values own what they are made of, until they go.
    for (auto name : {"a pear", "a melon", "a pear"}) {
        auto args = wasm::vec<Val>::make(Val::ref(thing(store.get(), name)));
        auto results = wasm::vec<Val>::make_uninitialized(1);
        if (put->call(args, results)) return 1;
        std::cout << name << " is number " << results[0].i32() << std::endl;
    }
    tell_weight(weight);

    most->set(Val::f64(1));
    std::cout << "when it may be " << most->get().f64() << ": ";
    tell_weight(weight);

    // From the host's side of the table.
    auto feather = thing(store.get(), "a feather");
    std::cout << (bag->set(0, feather.get()) && bag->get(0)->same(feather.get()) ? "" : "not ")
              << "in the bag, of " << bag->size() << ": ";
    tell_weight(weight);
    bag->set(0, nullptr);
    tell_weight(weight);
    return 0;
}

// shelf.cc -- wasm.hh: modules on a shelf: looked at by their types, shared with another store,
// written as bytes and read back; with a memory and a table of the host's.
//
//     c++ shelf.cc -lweft -o shelf

#include <cstring>
#include <iostream>
#include <string>
#include <wasm.hh>

static const char text[] =
    "(module"
    "  (import \"env\" \"memory\" (memory 1 4))"
    "  (import \"env\" \"steps\" (table 2 funcref))"
    "  (type $step (func (param i32 i64) (result i64 i32)))"
    "  (func (export \"swap\") (type $step) (local.get 1) (local.get 0))"
    "  (func (export \"run\") (param i32) (result i64)"
    "    (call_indirect (type $step) (i32.const 5) (i64.load (i32.const 8)) (local.get 0))"
    "    (drop)))";

static const char *name_of(wasm::ValKind kind)
{
    switch (kind) {
    case wasm::ValKind::I32: return "i32";
    case wasm::ValKind::I64: return "i64";
    case wasm::ValKind::F32: return "f32";
    case wasm::ValKind::F64: return "f64";
    default: return wasm::is_ref(kind) ? "a reference" : "a vector";
    }
}

static std::ostream &operator<<(std::ostream &out, const wasm::ownvec<wasm::ValType> &types)
{
    for (size_t i = 0; i < types.size(); ++i) out << ' ' << name_of(types[i]->kind());
    return out;
}

static std::ostream &operator<<(std::ostream &out, const wasm::Limits &limits)
{
    out << limits.min;
    if (limits.max == wasm::Limits(0).max) return out << " and more";
    return out << " to " << limits.max;
}

static std::ostream &operator<<(std::ostream &out, const wasm::ExternType &type)
{
    switch (type.kind()) {
    case wasm::ExternKind::FUNC:
        return out << "takes" << type.func()->params() << ", gives" << type.func()->results();
    case wasm::ExternKind::MEMORY: return out << "pages, " << type.memory()->limits();
    case wasm::ExternKind::TABLE: return out << "entries, " << type.table()->limits();
    default: return out << "something else";
    }
}

static std::string text_of(const wasm::Name &name) { return std::string(name.get(), name.size()); }

// A host function without anything of its own: the number by itself, and its index as it is.
static wasm::own<wasm::Trap> square(const wasm::vec<wasm::Val> &args, wasm::vec<wasm::Val> &results)
{
    results[0] = wasm::Val::i64(args[1].i64() * args[1].i64());
    results[1] = args[0].copy();
    return nullptr;
}

// In a store with items of the host's own, which go with it.
static bool run(wasm::Engine *engine, const wasm::Shared<wasm::Module> *shelf, int64_t number)
{
    auto store = wasm::Store::make(engine);
    auto module = wasm::Module::obtain(store.get(), shelf);
    auto memory_type = wasm::MemoryType::make(wasm::Limits(1, 3));
    auto memory = wasm::Memory::make(store.get(), memory_type.get());
    auto table_type =
        wasm::TableType::make(wasm::ValType::make(wasm::ValKind::FUNCREF), wasm::Limits(2));
    auto table = wasm::Table::make(store.get(), table_type.get());
    auto imports = wasm::vec<wasm::Extern *>::make(memory.get(), table.get());
    wasm::own<wasm::Trap> trap;
    auto instance = wasm::Instance::make(store.get(), module.get(), imports, &trap);
    if (!instance) {
        std::cout << trap->message().get() << std::endl;
        return false;
    }
    auto exports = instance->exports();
    auto type = exports[0]->func()->type();
    auto host = wasm::Func::make(store.get(), type.get(), square);
    table->set(0, exports[0].get());
    table->set(1, host.get());
    std::memcpy(memory->data() + 8, &number, sizeof number);
    for (int32_t step = 0; step < 3; ++step) {
        auto args = wasm::vec<wasm::Val>::make(wasm::Val::i32(step));
        auto results = wasm::vec<wasm::Val>::make_uninitialized(1);
        trap = exports[1]->func()->call(args, results);
        if (trap) std::cout << "step " << step << ": " << trap->message().get() << std::endl;
        else std::cout << "step " << step << ": " << results[0].i64() << std::endl;
    }
    std::cout << "page 3 " << (memory->grow(2) ? "fits" : "does not fit") << ", page 4 "
              << (memory->grow(1) ? "fits" : "does not fit") << ": " << *memory->type()
              << std::endl;
    return true;
}

int main()
{
    auto engine = wasm::Engine::make();
    wasm::own<wasm::Shared<wasm::Module>> shelf;
    {
        auto store = wasm::Store::make(engine.get());
        auto bytes = wasm::vec<byte_t>::make(std::string(text));
        auto module = wasm::Module::make(store.get(), bytes);
        if (!module) return 1;
        auto imports = module->imports();
        for (size_t i = 0; i < imports.size(); ++i)
            std::cout << "wants " << text_of(imports[i]->module()) << '.'
                      << text_of(imports[i]->name()) << ": " << *imports[i]->type() << std::endl;
        auto exports = module->exports();
        for (size_t i = 0; i < exports.size(); ++i)
            std::cout << "has " << text_of(exports[i]->name()) << ": " << *exports[i]->type()
                      << std::endl;
        auto kept = module->serialize();
        auto back = wasm::Module::deserialize(store.get(), kept);
        kept[0] = '?';
        std::cout << "as it was: " << (back ? "a module" : "refused") << "; changed: "
                  << (wasm::Module::deserialize(store.get(), kept) ? "a module" : "refused")
                  << std::endl;
        if (!back) return 1;
        shelf = back->share();
    }
    return run(engine.get(), shelf.get(), 12) && run(engine.get(), shelf.get(), -7) ? 0 : 1;
}

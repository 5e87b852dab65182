// standard.cc -- every class and function of wasm.hh once, over the library as it is installed.

#include <cstdio>
#include <wasm.hh>

using namespace wasm;

static int failed, finalized;
#define CHECK(holds)                                                                               \
    do {                                                                                           \
        if (!(holds)) std::printf("line %d: failed: %s\n", __LINE__, #holds), failed++;            \
    } while (0)

static void finalize(void *) { finalized++; }
static void count(void *n) { ++*static_cast<int *>(n); }

static own<Trap> swap(const vec<Val> &args, vec<Val> &results)
{
    for (size_t i = 0; i < args.size(); ++i) results[i] = args[args.size() - 1 - i].copy();
    return nullptr;
}

static own<Trap> fail(void *trap, const vec<Val> &, vec<Val> &)
{
    return static_cast<const Trap *>(trap)->copy();
}

static vec<byte_t> bytes(const char *text) { return vec<byte_t>::make(std::string(text)); }

static void vectors()
{
    auto v = vec<int>::make(1, 2, 3);
    CHECK(v && v.size() == 3 && v[2] == 3 && v.get()[1] == 2);
    auto copy = v.copy();
    v[0] = 7;
    CHECK(copy[0] == 1);
    v.reset(copy);
    CHECK(!copy && v[0] == 1);
    copy = std::move(v);
    CHECK(!v && copy[1] == 2 && !v.copy() && !vec<int>::invalid());
    int *raw = copy.release();
    CHECK(!copy && raw[2] == 3);
    auto again = vec<int>::adopt(3, raw);
    again.reset();
    CHECK(!again && !again.get() && vec<int>::make() && vec<int>::make().size() == 0);
    int some[] = {4, 5};
    CHECK(vec<int>::make(size_t(2), some)[1] == 5 && vec<int>::make_uninitialized(4)[3] == 0);
    CHECK(vec<byte_t>::make_nt("ab").size() == 3 && Name::make_nt("ab")[2] == 0);
    auto types = ownvec<ValType>::make(ValType::make(ValKind::I32), ValType::make(ValKind::F64));
    auto deep = types.deep_copy();
    CHECK(deep.size() == 2 && deep[1]->kind() == ValKind::F64);
}

static void values()
{
    CHECK(Val::make(int32_t(-1)).get<uint32_t>() == 0xffffffff);
    CHECK(Val::make(uint64_t(1) << 63).get<int64_t>() < 0 && Val::make(2.5f).get<float32_t>() == 2.5);
    CHECK(Val::make(uint32_t(3)).i32() == 3 && Val::make(int64_t(4)).get<uint64_t>() == 4);
    CHECK(Val::f64(-1).get<float64_t>() == -1 && Val::make(1.0).kind() == ValKind::F64);
    CHECK(Val::i64(9).is_num() && Val().is_ref() && !Val().get<Ref *>() && !Val().copy().ref());
    CHECK(Val::make(own<Ref>()).kind() == ValKind::EXTERNREF && Val::f32(1).f32() == 1);
}

static void types()
{
    auto func = FuncType::make(ownvec<ValType>::make(ValType::make(ValKind::EXTERNREF)));
    auto copy = func->copy();
    CHECK(copy->params().size() == 1 && copy->params()[0]->is_ref() && copy->results().size() == 0);
    CHECK(copy->kind() == ExternKind::FUNC && copy->func() == copy.get() && !copy->table());
    auto tag = TagType::make(std::move(copy));
    CHECK(tag->kind() == TAG && is_num(V128) && ValType::make(OTHERREF)->is_ref());
    CHECK(tag->copy()->func()->params()[0]->kind() == ValKind::EXTERNREF && tag->tag() == tag.get());
    auto none = ownvec<ValType>::make(own<ValType>());
    CHECK(!FuncType::make(std::move(none)) && !GlobalType::make(nullptr, Mutability::VAR));
    auto bad = ownvec<ValType>::invalid();
    CHECK(!FuncType::make(ownvec<ValType>::make(ValType::make(ValKind::I32)), std::move(bad)));
    auto global = GlobalType::make(ValType::make(ValKind::I64), Mutability::VAR);
    CHECK(global->copy()->content()->is_num() && global->mutability() == Mutability::VAR);
    auto table = TableType::make(ValType::make(ValKind::FUNCREF), Limits(3));
    CHECK(table->copy()->limits().max == 0xffffffff && table->element()->copy()->is_ref());
    own<ExternType> memory = MemoryType::make(Limits(1, 2));
    const ExternType *seen = memory.get();
    CHECK(seen->memory() && seen->copy()->memory()->limits().max == 2 && !seen->func());
    CHECK(!seen->global() && !seen->table() && !seen->tag() && memory->memory()->copy());
    auto import = ImportType::make(Name::make(std::string("env")), Name::make(), std::move(memory));
    auto import2 = import->copy();
    CHECK(import2->module().size() == 3 && import2->name().size() == 0 && import2->type()->memory());
    own<ExternType> any = std::move(global);
    auto exporting = ExportType::make(Name::make(std::string("it")), std::move(any));
    CHECK(exporting->copy()->name()[1] == 't' && exporting->type()->global());
    CHECK(!ExportType::make(Name::invalid(), std::move(func)));
}

static const char text[] =
    "(module (import \"\" \"s\" (func $s (param i32 f64 externref) (result externref f64 i32)))"
    " (import \"\" \"f\" (func $f)) (memory (export \"m\") 1 2) (table (export \"t\") 1 3 funcref)"
    " (global (export \"g\") (mut externref) (ref.null extern))"
    " (func (export \"s\") (param i32 f64 externref) (result externref f64 i32)"
    "  (call $s (local.get 0) (local.get 1) (local.get 2)))"
    " (func (export \"f\") (call $f)))";

static void items(Store *store, const Instance *instance)
{
    auto exports = instance->exports();
    const Extern *e = exports[0].get();
    CHECK(e->kind() == ExternKind::MEMORY && e->memory() && !e->func() && !e->global() && !e->table());
    CHECK(e->type()->memory()->limits().min == 1 && exports[0]->copy()->same(e));
    auto memory = exports[0]->memory();
    CHECK(memory->data_size() == Memory::pages_t(65536) && memory->data() && memory->grow(1));
    CHECK(memory->size() == 2 && memory->type()->limits().min == 2 && memory->copy()->same(memory));
    auto table = exports[1]->table();
    CHECK(!table->get(0) && table->set(0, exports[3].get()) && table->get(0)->same(exports[3].get()));
    CHECK(table->grow(2, exports[4].get()) && table->size() == 3 && !table->grow(1));
    CHECK(table->type()->limits().max == 3 && table->copy()->same(table));
    auto global = exports[2]->global();
    auto foreign = Foreign::make(store);
    foreign->set_host_info(&finalized, finalize);
    global->set(Val::ref(foreign->copy()));
    auto got = global->get();
    CHECK(got.ref()->same(foreign.get()) && got.ref()->get_host_info() == &finalized);
    CHECK(global->type()->mutability() == Mutability::VAR && global->copy()->same(global));
    auto own_global = Global::make(store, global->type().get(), got);
    CHECK(own_global->get().release_ref()->same(foreign.get()));
    auto kind = TableType::make(ValType::make(ValKind::EXTERNREF), Limits(1, 1));
    CHECK(Table::make(store, kind.get(), foreign.get())->get(0)->same(foreign.get()));
    CHECK(!Memory::make(store, MemoryType::make(Limits(2, 1)).get()));
    auto func = exports[3]->func();
    CHECK(func->param_arity() == 3 && func->result_arity() == 3 && func->copy()->same(func));
    CHECK(func->type()->results()[1]->kind() == ValKind::F64);
    auto args = vec<Val>::make(Val::i32(5), Val::f64(0.5), std::move(got));
    auto results = vec<Val>::make_uninitialized(3);
    for (int i = 0; i < 2; i++) CHECK(!func->call(args, results)); // what was there is freed
    CHECK(results[0].ref()->same(foreign.get()) && results[1].f64() == 0.5 && results[2].i32() == 5);
    auto trap = exports[4]->func()->call(vec<Val>::make(), results);
    CHECK(trap && trap->message().get() == std::string("as it was"));
    auto origin = trap->origin();
    CHECK(trap->trace().size() == 1 && origin->func_index() == 3 && origin->copy()->instance());
    CHECK(origin->module_offset() > origin->func_offset() && origin->instance()->same(instance));
}

static void everything()
{
    auto engine = Engine::make(Config::make());
    auto store = Store::make(engine.get()), other = Store::make(engine.get());
    CHECK(Module::validate(store.get(), bytes(text)) && !Module::validate(store.get(), bytes("(")));
    auto module = Module::make(store.get(), bytes(text));
    CHECK(module->copy()->same(module.get()) && !Module::make(store.get(), bytes("")));
    CHECK(module->imports().size() == 2 && module->exports()[4]->name()[0] == 'f');
    auto shared = module->share();
    CHECK(Module::obtain(other.get(), shared.get())->exports().size() == 5);
    CHECK(Module::deserialize(other.get(), module->serialize()));
    auto trap = Trap::make(store.get(), Message::make_nt("as it was"));
    CHECK(!trap->origin() && trap->trace().size() == 0);
    int ended = 0;
    {
        auto type = module->imports();
        auto a = Func::make(store.get(), type[0]->type()->func(), swap);
        auto b = Func::make(store.get(), type[1]->type()->func(), fail, trap.get(), nullptr);
        auto c = Func::make(store.get(), type[1]->type()->func(), fail, &ended, count);
        CHECK(c && ended == 0);
        auto imports = vec<Extern *>::make(a.get(), b.get());
        own<Trap> why;
        auto instance = Instance::make(store.get(), module.get(), imports, &why);
        CHECK(instance && !why && instance->copy()->same(instance.get()));
        items(store.get(), instance.get());
        CHECK(!Instance::make(store.get(), module.get(), vec<Extern *>::make(), &why) && why);
        CHECK(!Instance::make(store.get(), module.get(), vec<Extern *>::make()));
    }
    trap.reset();
    store.reset();
    CHECK(ended == 1 && finalized == 1);
}

int main()
{
    vectors();
    values();
    types();
    everything();
    std::printf("%d failed\n", failed);
    return failed ? 1 : 0;
}

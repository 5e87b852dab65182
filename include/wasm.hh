// wasm.hh -- the standard C++ API of WebAssembly over wasm.h, all of it in this header: nothing but
// libweft is linked. Names, types and meaning are those of
// https://github.com/WebAssembly/wasm-c-api. C++11 and later. A whole program is
// examples/capi/bag.cc.
//
//     auto engine = wasm::Engine::make();
//     auto store = wasm::Store::make(engine.get());
//     auto module = wasm::Module::make(store.get(), bytes);
//     auto instance = wasm::Instance::make(store.get(), module.get(), imports, &trap);
//     auto exports = instance->exports();
//     trap = exports[0]->func()->call(args, results);
//
// own<T> owns: it is a unique pointer, and what is passed as a plain pointer or reference is lent.
// vec<T> is an array that owns its elements; ownvec<T> is one of own<T>. What fails gives null,
// false, or a vector that is false. wasm.h says the rest: who lives how long, threads, what a host
// function may do. An exception that leaves a host function ends the program.

#ifndef WASM_HH
#define WASM_HH

#include <wasm.h>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace wasm {

// ---- Vectors ------------------------------------------------------------------------------------

// In memory as a wasm_..._vec_t is, so that one that the library has can be looked at; but what is
// in it is of new[], and the library's is not. One that memory was short for, or that was taken
// away, is invalid: it is false, and has no elements.
template <class T> class vec {
    static const size_t none = SIZE_MAX;
    size_t size_;
    std::unique_ptr<T[]> data_;

    vec() : size_(none) {}
    vec(size_t size, T *data) : size_(size), data_(data) {}
    explicit vec(size_t size) : vec(size, size ? new (std::nothrow) T[size]() : nullptr)
    {
        if (size_ && !data_) size_ = none;
    }

public:
    using elem_type = T;

    vec(vec &&that) noexcept : vec() { reset(that); }
    vec &operator=(vec &&that) noexcept
    {
        reset(that);
        return *this;
    }

    operator bool() const { return size_ != none; }
    size_t size() const { return size_; }
    const T *get() const { return data_.get(); }
    T *get() { return data_.get(); }
    T *release() { return size_ = none, data_.release(); }
    void reset() { size_ = none, data_.reset(); }
    void reset(vec &that)
    {
        if (this == &that) return;
        size_ = that.size_;
        data_ = std::move(that.data_);
        that.size_ = none;
    }
    T &operator[](size_t i) { return assert(i < size_ && size_ != none), data_[i]; }
    const T &operator[](size_t i) const { return assert(i < size_ && size_ != none), data_[i]; }

    // By assignment, and by what elements have for it.
    vec copy() const
    {
        if (!*this) return invalid();
        vec v(size_);
        for (size_t i = 0; v && i < size_; ++i) v.data_[i] = data_[i];
        return v;
    }
    vec deep_copy() const
    {
        if (!*this) return invalid();
        vec v(size_);
        for (size_t i = 0; v && i < size_; ++i)
            if (data_[i]) v.data_[i] = data_[i]->copy();
        return v;
    }

    static vec make() { return vec(size_t(0)); }
    static vec make_uninitialized(size_t size = 0) { return vec(size); }
    // Moves them out of the array.
    static vec make(size_t size, T init[])
    {
        vec v(size);
        for (size_t i = 0; v && i < size; ++i) v.data_[i] = std::move(init[i]);
        return v;
    }
    // Text without its NUL, and with it.
    static vec<char> make(std::string text)
    {
        auto v = vec<char>::make_uninitialized(text.length());
        if (v && !text.empty()) std::memcpy(v.get(), text.data(), text.length());
        return v;
    }
    static vec<char> make_nt(std::string text)
    {
        auto v = vec<char>::make_uninitialized(text.length() + 1);
        if (v) std::memcpy(v.get(), text.c_str(), text.length() + 1);
        return v;
    }
    template <class... Ts> static vec make(Ts &&...elements)
    {
        T init[] = {std::forward<Ts>(elements)...};
        return make(sizeof...(Ts), init);
    }
    // What is of new[].
    static vec adopt(size_t size, T data[]) { return vec(size, data); }
    static vec invalid() { return vec(); }
};

// ---- Owning -------------------------------------------------------------------------------------

class destroyer {
public:
    template <class T> void operator()(T *owned) { owned->destroy(); }
};

template <class T> using own = std::unique_ptr<T, destroyer>;
template <class T> using ownvec = vec<own<T>>;
template <class T> own<T> make_own(T *owned) { return own<T>(owned); }

// ---- What a class is in wasm.h ------------------------------------------------------------------

// No object of these classes is ever made: a pointer to one is the pointer that wasm.h has.
template <class T> struct c_type;
#define WASM_CLASS_(Class, name)                                                                   \
    class Class;                                                                                   \
    template <> struct c_type<Class> {                                                             \
        using type = wasm_##name##_t;                                                              \
    };
WASM_CLASS_(Config, config)
WASM_CLASS_(Engine, engine)
WASM_CLASS_(Store, store)
WASM_CLASS_(ValType, valtype)
WASM_CLASS_(ExternType, externtype)
WASM_CLASS_(FuncType, functype)
WASM_CLASS_(GlobalType, globaltype)
WASM_CLASS_(TableType, tabletype)
WASM_CLASS_(MemoryType, memorytype)
WASM_CLASS_(TagType, tagtype)
WASM_CLASS_(ImportType, importtype)
WASM_CLASS_(ExportType, exporttype)
WASM_CLASS_(Ref, ref)
WASM_CLASS_(Frame, frame)
WASM_CLASS_(Trap, trap)
WASM_CLASS_(Module, module)
WASM_CLASS_(Foreign, foreign)
WASM_CLASS_(Extern, extern)
WASM_CLASS_(Func, func)
WASM_CLASS_(Global, global)
WASM_CLASS_(Table, table)
WASM_CLASS_(Memory, memory)
WASM_CLASS_(Instance, instance)
#undef WASM_CLASS_
template <class T> class Shared;
template <> struct c_type<Shared<Module>> {
    using type = wasm_shared_module_t;
};

template <class T> typename c_type<T>::type *to_c(T *p)
{
    return reinterpret_cast<typename c_type<T>::type *>(p);
}
template <class T> const typename c_type<T>::type *to_c(const T *p)
{
    return reinterpret_cast<const typename c_type<T>::type *>(p);
}
template <class T> T *of_c(typename c_type<T>::type *p) { return reinterpret_cast<T *>(p); }
template <class T> const T *of_c(const typename c_type<T>::type *p)
{
    return reinterpret_cast<const T *>(p);
}
template <class T> own<T> own_c(typename c_type<T>::type *p) { return own<T>(of_c<T>(p)); }

// A vector whose elements are the library's from now on. False: memory is short, or it is invalid.
template <class T, class V> bool to_c(ownvec<T> &from, V *out, void (*make)(V *, size_t))
{
    make(out, from ? from.size() : 0);
    if (!from || out->size != from.size()) return false;
    for (size_t i = 0; i < out->size; ++i) out->data[i] = to_c(from[i].release());
    return true;
}
inline bool to_c(const vec<byte_t> &from, wasm_byte_vec_t *out)
{
    wasm_byte_vec_new(out, from ? from.size() : 0, from.get());
    return from && out->size == from.size();
}

// And one that was the library's.
template <class T, class V> ownvec<T> of_c(V *from, void (*end)(V *))
{
    auto v = ownvec<T>::make_uninitialized(from->size);
    for (size_t i = 0; v && i < from->size; ++i) {
        v[i] = own_c<T>(from->data[i]);
        from->data[i] = nullptr;
    }
    end(from);
    return v;
}
inline vec<byte_t> of_c(wasm_byte_vec_t *from)
{
    auto v = vec<byte_t>::make_uninitialized(from->size);
    if (v && from->size) std::memcpy(v.get(), from->data, from->size);
    wasm_byte_vec_delete(from);
    return v;
}

// One that is lent, as it is.
inline wasm_byte_vec_t lent_c(const vec<byte_t> &v)
{
    return {v ? v.size() : 0, const_cast<byte_t *>(v.get())};
}

static_assert(sizeof(own<ValType>) == sizeof(wasm_valtype_t *), "an own<T> is a pointer");
static_assert(sizeof(vec<byte_t>) == sizeof(wasm_byte_vec_t), "a vec<T> is a size and a pointer");

#define WASM_OWNED_(Class, name)                                                                   \
    friend class destroyer;                                                                        \
    void destroy() { wasm_##name##_delete(to_c(this)); }                                           \
                                                                                                   \
public:                                                                                            \
    Class() = delete;                                                                              \
    Class(const Class &) = delete;                                                                 \
    Class &operator=(const Class &) = delete;

#define WASM_COPIED_(Class, name)                                                                  \
    WASM_OWNED_(Class, name)                                                                       \
    own<Class> copy() const { return own_c<Class>(wasm_##name##_copy(to_c(this))); }

// ---- Engines and stores -------------------------------------------------------------------------

class Config {
    WASM_OWNED_(Config, config)
    static own<Config> make() { return own_c<Config>(wasm_config_new()); }
};

class Engine {
    WASM_OWNED_(Engine, engine)
    static own<Engine> make(own<Config> &&config = Config::make())
    {
        return own_c<Engine>(wasm_engine_new_with_config(to_c(config.release())));
    }
};

class Store {
    WASM_OWNED_(Store, store)
    static own<Store> make(Engine *engine) { return own_c<Store>(wasm_store_new(to_c(engine))); }
};

// ---- Types --------------------------------------------------------------------------------------

enum class Mutability : uint8_t { CONST = WASM_CONST, VAR = WASM_VAR };

struct Limits {
    uint32_t min;
    uint32_t max;
    Limits(uint32_t least, uint32_t most = std::numeric_limits<uint32_t>::max())
        : min(least), max(most) {}
};
static_assert(sizeof(Limits) == sizeof(wasm_limits_t), "as in wasm.h");

// What wasm.h adds is beside the enumerations, so that who switches over those has all of them.
enum class ValKind : uint8_t {
    I32 = WASM_I32, I64 = WASM_I64, F32 = WASM_F32, F64 = WASM_F64,
    EXTERNREF = WASM_EXTERNREF, FUNCREF = WASM_FUNCREF,
};
constexpr ValKind V128 = ValKind(WASM_V128), OTHERREF = ValKind(WASM_OTHERREF);
inline bool is_num(ValKind kind) { return kind < ValKind::EXTERNREF; }
inline bool is_ref(ValKind kind) { return kind >= ValKind::EXTERNREF; }

class ValType {
    WASM_COPIED_(ValType, valtype)
    static own<ValType> make(ValKind kind)
    {
        return own_c<ValType>(wasm_valtype_new(static_cast<wasm_valkind_t>(kind)));
    }
    ValKind kind() const { return static_cast<ValKind>(wasm_valtype_kind(to_c(this))); }
    bool is_num() const { return wasm::is_num(kind()); }
    bool is_ref() const { return wasm::is_ref(kind()); }
};

enum class ExternKind : uint8_t {
    FUNC = WASM_EXTERN_FUNC, GLOBAL = WASM_EXTERN_GLOBAL, TABLE = WASM_EXTERN_TABLE,
    MEMORY = WASM_EXTERN_MEMORY,
};
constexpr ExternKind TAG = ExternKind(WASM_EXTERN_TAG);

class ExternType {
    WASM_COPIED_(ExternType, externtype)
    ExternKind kind() const { return static_cast<ExternKind>(wasm_externtype_kind(to_c(this))); }
    FuncType *func() { return of_c<FuncType>(wasm_externtype_as_functype(to_c(this))); }
    GlobalType *global() { return of_c<GlobalType>(wasm_externtype_as_globaltype(to_c(this))); }
    TableType *table() { return of_c<TableType>(wasm_externtype_as_tabletype(to_c(this))); }
    MemoryType *memory() { return of_c<MemoryType>(wasm_externtype_as_memorytype(to_c(this))); }
    TagType *tag() { return of_c<TagType>(wasm_externtype_as_tagtype(to_c(this))); }
    const FuncType *func() const { return const_cast<ExternType *>(this)->func(); }
    const GlobalType *global() const { return const_cast<ExternType *>(this)->global(); }
    const TableType *table() const { return const_cast<ExternType *>(this)->table(); }
    const MemoryType *memory() const { return const_cast<ExternType *>(this)->memory(); }
    const TagType *tag() const { return const_cast<ExternType *>(this)->tag(); }
};

class FuncType : public ExternType {
    WASM_COPIED_(FuncType, functype)
    static own<FuncType> make(ownvec<ValType> &&params = ownvec<ValType>::make(),
                              ownvec<ValType> &&results = ownvec<ValType>::make())
    {
        wasm_valtype_vec_t in, out;
        bool whole = to_c(params, &in, wasm_valtype_vec_new_uninitialized);
        whole = to_c(results, &out, wasm_valtype_vec_new_uninitialized) && whole;
        if (whole) return own_c<FuncType>(wasm_functype_new(&in, &out));
        wasm_valtype_vec_delete(&in);
        wasm_valtype_vec_delete(&out);
        return nullptr;
    }
    const ownvec<ValType> &params() const
    {
        return *reinterpret_cast<const ownvec<ValType> *>(wasm_functype_params(to_c(this)));
    }
    const ownvec<ValType> &results() const
    {
        return *reinterpret_cast<const ownvec<ValType> *>(wasm_functype_results(to_c(this)));
    }
};

class GlobalType : public ExternType {
    WASM_COPIED_(GlobalType, globaltype)
    static own<GlobalType> make(own<ValType> &&content, Mutability mutability)
    {
        return own_c<GlobalType>(wasm_globaltype_new(to_c(content.release()),
                                                     static_cast<wasm_mutability_t>(mutability)));
    }
    const ValType *content() const { return of_c<ValType>(wasm_globaltype_content(to_c(this))); }
    Mutability mutability() const
    {
        return static_cast<Mutability>(wasm_globaltype_mutability(to_c(this)));
    }
};

class TableType : public ExternType {
    WASM_COPIED_(TableType, tabletype)
    static own<TableType> make(own<ValType> &&element, Limits limits)
    {
        wasm_limits_t in = {limits.min, limits.max};
        return own_c<TableType>(wasm_tabletype_new(to_c(element.release()), &in));
    }
    const ValType *element() const { return of_c<ValType>(wasm_tabletype_element(to_c(this))); }
    const Limits &limits() const
    {
        return *reinterpret_cast<const Limits *>(wasm_tabletype_limits(to_c(this)));
    }
};

class MemoryType : public ExternType {
    WASM_COPIED_(MemoryType, memorytype)
    static own<MemoryType> make(Limits limits)
    {
        wasm_limits_t in = {limits.min, limits.max};
        return own_c<MemoryType>(wasm_memorytype_new(&in));
    }
    const Limits &limits() const
    {
        return *reinterpret_cast<const Limits *>(wasm_memorytype_limits(to_c(this)));
    }
};

class TagType : public ExternType {
    WASM_COPIED_(TagType, tagtype)
    static own<TagType> make(own<FuncType> &&type)
    {
        return own_c<TagType>(wasm_tagtype_new(to_c(type.release())));
    }
    const FuncType *func() const { return of_c<FuncType>(wasm_tagtype_functype(to_c(this))); }
};

using Name = vec<byte_t>;

class ImportType {
    WASM_COPIED_(ImportType, importtype)
    static own<ImportType> make(Name &&module, Name &&name, own<ExternType> &&type)
    {
        wasm_name_t a, b;
        bool whole = to_c(module, &a);
        whole = to_c(name, &b) && whole;
        if (!whole) type.reset();
        return own_c<ImportType>(wasm_importtype_new(&a, &b, to_c(type.release())));
    }
    const Name &module() const
    {
        return *reinterpret_cast<const Name *>(wasm_importtype_module(to_c(this)));
    }
    const Name &name() const
    {
        return *reinterpret_cast<const Name *>(wasm_importtype_name(to_c(this)));
    }
    const ExternType *type() const { return of_c<ExternType>(wasm_importtype_type(to_c(this))); }
};

class ExportType {
    WASM_COPIED_(ExportType, exporttype)
    static own<ExportType> make(Name &&name, own<ExternType> &&type)
    {
        wasm_name_t a;
        if (!to_c(name, &a)) type.reset();
        return own_c<ExportType>(wasm_exporttype_new(&a, to_c(type.release())));
    }
    const Name &name() const
    {
        return *reinterpret_cast<const Name *>(wasm_exporttype_name(to_c(this)));
    }
    const ExternType *type() const { return of_c<ExternType>(wasm_exporttype_type(to_c(this))); }
};

// ---- References and values ----------------------------------------------------------------------

class Ref {
    WASM_COPIED_(Ref, ref)
    bool same(const Ref *that) const { return wasm_ref_same(to_c(this), to_c(that)); }
    void *get_host_info() const { return wasm_ref_get_host_info(to_c(this)); }
    void set_host_info(void *info, void (*finalizer)(void *) = nullptr)
    {
        wasm_ref_set_host_info_with_finalizer(to_c(this), info, finalizer);
    }
};

// In memory as a wasm_val_t is.
class Val {
    ValKind kind_;
    union Of {
        int32_t i32;
        int64_t i64;
        float32_t f32;
        float64_t f64;
        Ref *ref;
    } of_;

    Val(ValKind kind, Of of) : kind_(kind), of_(of) {}

public:
    Val() : kind_(ValKind::EXTERNREF) { of_.ref = nullptr; }
    explicit Val(int32_t i) : kind_(ValKind::I32) { of_.i32 = i; }
    explicit Val(int64_t i) : kind_(ValKind::I64) { of_.i64 = i; }
    explicit Val(float32_t z) : kind_(ValKind::F32) { of_.f32 = z; }
    explicit Val(float64_t z) : kind_(ValKind::F64) { of_.f64 = z; }
    explicit Val(own<Ref> &&r) : kind_(ValKind::EXTERNREF) { of_.ref = r.release(); }
    Val(Val &&that) noexcept : kind_(that.kind_), of_(that.of_)
    {
        if (is_ref()) that.of_.ref = nullptr;
    }
    ~Val() { reset(); }
    Val &operator=(Val &&that) noexcept
    {
        reset(that);
        return *this;
    }

    bool is_num() const { return wasm::is_num(kind_); }
    bool is_ref() const { return wasm::is_ref(kind_); }

    static Val i32(int32_t x) { return Val(x); }
    static Val i64(int64_t x) { return Val(x); }
    static Val f32(float32_t x) { return Val(x); }
    static Val f64(float64_t x) { return Val(x); }
    static Val ref(own<Ref> &&x) { return Val(std::move(x)); }
    template <class T> static Val make(T x);
    template <class T> static Val make(own<T> &&x);

    void reset()
    {
        if (!is_ref() || !of_.ref) return;
        destroyer()(of_.ref);
        of_.ref = nullptr;
    }
    void reset(Val &that)
    {
        if (this == &that) return;
        reset();
        kind_ = that.kind_;
        of_ = that.of_;
        if (is_ref()) that.of_.ref = nullptr;
    }

    ValKind kind() const { return kind_; }
    int32_t i32() const { return assert(kind_ == ValKind::I32), of_.i32; }
    int64_t i64() const { return assert(kind_ == ValKind::I64), of_.i64; }
    float32_t f32() const { return assert(kind_ == ValKind::F32), of_.f32; }
    float64_t f64() const { return assert(kind_ == ValKind::F64), of_.f64; }
    Ref *ref() const { return assert(is_ref()), of_.ref; }
    template <class T> T get() const;

    own<Ref> release_ref()
    {
        own<Ref> r(ref());
        of_.ref = nullptr;
        return r;
    }
    Val copy() const
    {
        Val v(kind_, of_);
        if (is_ref() && of_.ref) v.of_.ref = of_.ref->copy().release();
        return v;
    }
};
static_assert(sizeof(Val) == sizeof(wasm_val_t), "as in wasm.h");

template <> inline Val Val::make<int32_t>(int32_t x) { return Val(x); }
template <> inline Val Val::make<int64_t>(int64_t x) { return Val(x); }
template <> inline Val Val::make<uint32_t>(uint32_t x) { return Val(static_cast<int32_t>(x)); }
template <> inline Val Val::make<uint64_t>(uint64_t x) { return Val(static_cast<int64_t>(x)); }
template <> inline Val Val::make<float32_t>(float32_t x) { return Val(x); }
template <> inline Val Val::make<float64_t>(float64_t x) { return Val(x); }
template <> inline Val Val::make<Ref>(own<Ref> &&x) { return Val(std::move(x)); }
template <> inline int32_t Val::get<int32_t>() const { return i32(); }
template <> inline int64_t Val::get<int64_t>() const { return i64(); }
template <> inline uint32_t Val::get<uint32_t>() const { return static_cast<uint32_t>(i32()); }
template <> inline uint64_t Val::get<uint64_t>() const { return static_cast<uint64_t>(i64()); }
template <> inline float32_t Val::get<float32_t>() const { return f32(); }
template <> inline float64_t Val::get<float64_t>() const { return f64(); }
template <> inline Ref *Val::get<Ref *>() const { return ref(); }

inline wasm_val_vec_t lent_c(const vec<Val> &v)
{
    auto data = const_cast<Val *>(v.get());
    return {v ? v.size() : 0, reinterpret_cast<wasm_val_t *>(data)};
}

// ---- Traps --------------------------------------------------------------------------------------

using Message = vec<byte_t>; // with a NUL at the end

class Frame {
    WASM_COPIED_(Frame, frame)
    Instance *instance() const { return of_c<Instance>(wasm_frame_instance(to_c(this))); }
    uint32_t func_index() const { return wasm_frame_func_index(to_c(this)); }
    size_t func_offset() const { return wasm_frame_func_offset(to_c(this)); }
    size_t module_offset() const { return wasm_frame_module_offset(to_c(this)); }
};

class Trap : public Ref {
    WASM_COPIED_(Trap, trap)
    static own<Trap> make(Store *store, const Message &message)
    {
        auto in = lent_c(message);
        return own_c<Trap>(wasm_trap_new(to_c(store), &in));
    }
    Message message() const
    {
        wasm_message_t out;
        wasm_trap_message(to_c(this), &out);
        return of_c(&out);
    }
    own<Frame> origin() const { return own_c<Frame>(wasm_trap_origin(to_c(this))); }
    ownvec<Frame> trace() const
    {
        wasm_frame_vec_t out;
        wasm_trap_trace(to_c(this), &out);
        return of_c<Frame>(&out, wasm_frame_vec_delete);
    }
};

// ---- Modules ------------------------------------------------------------------------------------

class Module : public Ref {
    WASM_COPIED_(Module, module)
    static bool validate(Store *store, const vec<byte_t> &bytes)
    {
        auto in = lent_c(bytes);
        return wasm_module_validate(to_c(store), &in);
    }
    static own<Module> make(Store *store, const vec<byte_t> &bytes)
    {
        auto in = lent_c(bytes);
        return own_c<Module>(wasm_module_new(to_c(store), &in));
    }
    ownvec<ImportType> imports() const
    {
        wasm_importtype_vec_t out;
        wasm_module_imports(to_c(this), &out);
        return of_c<ImportType>(&out, wasm_importtype_vec_delete);
    }
    ownvec<ExportType> exports() const
    {
        wasm_exporttype_vec_t out;
        wasm_module_exports(to_c(this), &out);
        return of_c<ExportType>(&out, wasm_exporttype_vec_delete);
    }
    own<Shared<Module>> share() const;
    static own<Module> obtain(Store *store, const Shared<Module> *shared);
    vec<byte_t> serialize() const
    {
        wasm_byte_vec_t out;
        wasm_module_serialize(to_c(this), &out);
        return of_c(&out);
    }
    static own<Module> deserialize(Store *store, const vec<byte_t> &bytes)
    {
        auto in = lent_c(bytes);
        return own_c<Module>(wasm_module_deserialize(to_c(store), &in));
    }
};

template <> class Shared<Module> {
    WASM_OWNED_(Shared, shared_module)
};

inline own<Shared<Module>> Module::share() const
{
    return own_c<Shared<Module>>(wasm_module_share(to_c(this)));
}
inline own<Module> Module::obtain(Store *store, const Shared<Module> *shared)
{
    return own_c<Module>(wasm_module_obtain(to_c(store), to_c(shared)));
}

// ---- Foreign objects ----------------------------------------------------------------------------

class Foreign : public Ref {
    WASM_COPIED_(Foreign, foreign)
    static own<Foreign> make(Store *store) { return own_c<Foreign>(wasm_foreign_new(to_c(store))); }
};

// ---- Externals ----------------------------------------------------------------------------------

class Extern : public Ref {
    WASM_COPIED_(Extern, extern)
    ExternKind kind() const { return static_cast<ExternKind>(wasm_extern_kind(to_c(this))); }
    own<ExternType> type() const { return own_c<ExternType>(wasm_extern_type(to_c(this))); }
    Func *func() { return of_c<Func>(wasm_extern_as_func(to_c(this))); }
    Global *global() { return of_c<Global>(wasm_extern_as_global(to_c(this))); }
    Table *table() { return of_c<Table>(wasm_extern_as_table(to_c(this))); }
    Memory *memory() { return of_c<Memory>(wasm_extern_as_memory(to_c(this))); }
    const Func *func() const { return const_cast<Extern *>(this)->func(); }
    const Global *global() const { return const_cast<Extern *>(this)->global(); }
    const Table *table() const { return const_cast<Extern *>(this)->table(); }
    const Memory *memory() const { return const_cast<Extern *>(this)->memory(); }
};

class Func : public Extern {
    WASM_COPIED_(Func, func)
    using callback = own<Trap> (*)(const vec<Val> &args, vec<Val> &results);
    using callback_with_env = own<Trap> (*)(void *env, const vec<Val> &args, vec<Val> &results);

    static own<Func> make(Store *store, const FuncType *type, callback fn)
    {
        return make(store, type, new (std::nothrow) Closure{fn, nullptr, nullptr, nullptr});
    }
    static own<Func> make(Store *store, const FuncType *type, callback_with_env fn, void *env,
                          void (*finalizer)(void *) = nullptr)
    {
        return make(store, type, new (std::nothrow) Closure{nullptr, fn, env, finalizer});
    }
    own<FuncType> type() const { return own_c<FuncType>(wasm_func_type(to_c(this))); }
    size_t param_arity() const { return wasm_func_param_arity(to_c(this)); }
    size_t result_arity() const { return wasm_func_result_arity(to_c(this)); }
    own<Trap> call(const vec<Val> &args, vec<Val> &results) const
    {
        for (size_t i = 0; results && i < results.size(); ++i) results[i].reset();
        auto in = lent_c(args), out = lent_c(results);
        return own_c<Trap>(wasm_func_call(to_c(this), &in, &out));
    }

private:
    struct Closure {
        callback fn;
        callback_with_env with_env;
        void *env;
        void (*finalizer)(void *);
    };
    static own<Func> make(Store *store, const FuncType *type, Closure *closure)
    {
        if (!closure) return nullptr;
        auto func = wasm_func_new_with_env(to_c(store), to_c(type), run, closure, end);
        if (!func) delete closure;
        return own_c<Func>(func);
    }
    static wasm_trap_t *run(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results) noexcept
    {
        auto closure = static_cast<const Closure *>(env);
        auto in = vec<Val>::adopt(args->size, reinterpret_cast<Val *>(args->data));
        auto out = vec<Val>::adopt(results->size, reinterpret_cast<Val *>(results->data));
        auto trap = closure->fn ? closure->fn(in, out) : closure->with_env(closure->env, in, out);
        in.release();
        out.release();
        return to_c(trap.release());
    }
    static void end(void *env)
    {
        auto closure = static_cast<Closure *>(env);
        if (closure->finalizer) closure->finalizer(closure->env);
        delete closure;
    }
};

class Global : public Extern {
    WASM_COPIED_(Global, global)
    static own<Global> make(Store *store, const GlobalType *type, const Val &value)
    {
        auto in = reinterpret_cast<const wasm_val_t *>(&value);
        return own_c<Global>(wasm_global_new(to_c(store), to_c(type), in));
    }
    own<GlobalType> type() const { return own_c<GlobalType>(wasm_global_type(to_c(this))); }
    Val get() const
    {
        Val v;
        wasm_global_get(to_c(this), reinterpret_cast<wasm_val_t *>(&v));
        return v;
    }
    void set(const Val &value)
    {
        wasm_global_set(to_c(this), reinterpret_cast<const wasm_val_t *>(&value));
    }
};

class Table : public Extern {
    WASM_COPIED_(Table, table)
    using size_t = uint32_t;
    static own<Table> make(Store *store, const TableType *type, const Ref *init = nullptr)
    {
        return own_c<Table>(wasm_table_new(to_c(store), to_c(type), lent(init)));
    }
    own<TableType> type() const { return own_c<TableType>(wasm_table_type(to_c(this))); }
    own<Ref> get(size_t index) const { return own_c<Ref>(wasm_table_get(to_c(this), index)); }
    bool set(size_t index, const Ref *value)
    {
        return wasm_table_set(to_c(this), index, lent(value));
    }
    size_t size() const { return wasm_table_size(to_c(this)); }
    bool grow(size_t delta, const Ref *init = nullptr)
    {
        return wasm_table_grow(to_c(this), delta, lent(init));
    }

private:
    static wasm_ref_t *lent(const Ref *ref) { return to_c(const_cast<Ref *>(ref)); }
};

class Memory : public Extern {
    WASM_COPIED_(Memory, memory)
    using pages_t = uint32_t;
    static const size_t page_size = 0x10000;
    static own<Memory> make(Store *store, const MemoryType *type)
    {
        return own_c<Memory>(wasm_memory_new(to_c(store), to_c(type)));
    }
    own<MemoryType> type() const { return own_c<MemoryType>(wasm_memory_type(to_c(this))); }
    byte_t *data() const { return wasm_memory_data(to_c(const_cast<Memory *>(this))); }
    size_t data_size() const { return wasm_memory_data_size(to_c(this)); }
    pages_t size() const { return wasm_memory_size(to_c(this)); }
    bool grow(pages_t delta) { return wasm_memory_grow(to_c(this), delta); }
};

class Instance : public Ref {
    WASM_COPIED_(Instance, instance)
    static own<Instance> make(Store *store, const Module *module, const vec<Extern *> &imports,
                              own<Trap> *trap = nullptr)
    {
        auto items = const_cast<Extern **>(imports.get());
        wasm_extern_vec_t in = {imports ? imports.size() : 0,
                                reinterpret_cast<wasm_extern_t **>(items)};
        wasm_trap_t *why = nullptr;
        auto made = wasm_instance_new(to_c(store), to_c(module), &in, &why);
        own<Trap> ended = own_c<Trap>(why);
        if (trap) *trap = std::move(ended);
        return own_c<Instance>(made);
    }
    ownvec<Extern> exports() const
    {
        wasm_extern_vec_t out;
        wasm_instance_exports(to_c(this), &out);
        return of_c<Extern>(&out, wasm_extern_vec_delete);
    }
};

#undef WASM_COPIED_
#undef WASM_OWNED_

} // namespace wasm

#endif

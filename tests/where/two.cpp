// two.cpp -- the other unit: namespaces, classes and templates.

namespace tools {

template <typename T> struct Pair {
    T first, second;
    __attribute__((always_inline)) T sum() const { return first + second; }
    __attribute__((noinline)) T product() const;
};

template <typename T> T Pair<T>::product() const
{
    return first * second;
}

struct Never {
    int left_out() { return 99; }
};

} // namespace tools

extern "C" int twice(int a)
{
    struct Local {
        static int add(int b) { return tools::Pair<int>{b, b}.sum(); }
    };
    auto clip = [](int b) { return b > 1000 ? 1000 : Local::add(b); };
    return clip(a) + tools::Pair<int>{a, 0}.product();
}

extern "C" int also_left_out() { return tools::Never().left_out(); }

// main.kt -- objects of Kotlin's collector and of JavaScript's that hold each other: texts, functions, promises, errors across.
@file:OptIn(kotlin.js.ExperimentalJsExport::class, kotlin.js.ExperimentalWasmJsInterop::class)

import kotlin.js.Promise

external interface Shape : JsAny {
    val name: String
    val sides: JsArray<JsNumber>
    fun area(): Double
}

external object host : JsAny {
    fun write(text: String)
    fun each(count: Int, callback: (Int, String) -> Boolean): Int
    fun fails(text: String): Int
    fun same(a: JsAny?, b: JsAny?): Boolean
    val shapes: JsArray<Shape>
    fun later(value: Int): Promise<JsNumber>
}

fun typeOf(value: JsAny?): String = js("typeof value")
fun made(name: String, count: Int): JsAny = js("({ name, list: Array.from({ length: count }, (_, i) => name + i) })")
fun json(value: JsAny?): String = js("JSON.stringify(value)")

sealed interface Tree
data class Leaf(val value: Long) : Tree
data class Fork(val left: Tree, val right: Tree, val label: String) : Tree

fun tree(depth: Int, seed: Long): Tree =
    if (depth == 0) Leaf(seed * 2654435761 % 1009) else Fork(tree(depth - 1, seed * 2), tree(depth - 1, seed * 2 + 1), "f$depth")

fun Tree.sum(): Long = when (this) {
    is Leaf -> value
    is Fork -> left.sum() + right.sum() + label.length
}

class Refusal(message: String, val code: Int) : RuntimeException(message)

@JsExport
fun words(text: String): String =
    text.lowercase().split(Regex("[^\\p{L}]+")).filter { it.isNotEmpty() }.groupingBy { it }.eachCount().entries
        .sortedWith(compareByDescending<Map.Entry<String, Int>> { it.value }.thenBy { it.key }).joinToString { "${it.key}=${it.value}" }

@JsExport
fun big(a: Long, b: Long): Long = a * b + (a xor b).rotateLeft(7)

@JsExport
fun refuse(code: Int): Int = if (code > 2) throw Refusal("refused with $code", code) else code

@JsExport
fun kept(): JsReference<Refusal> = Refusal("kept", 7).toJsReference()

@JsExport
fun code(of: JsReference<Refusal>): Int = of.get().code

@JsExport
fun counter(from: Int): () -> Int {
    var n = from
    return { n++ }
}

@JsExport
fun waits(value: Int): Promise<JsAny?> = host.later(value).then { "${it.toInt() * 2}".toJsString() }

fun main() {
    host.write("tree ${tree(14, 1).sum()} ${tree(3, 1) == tree(3, 1)} ${tree(2, 5)}")
    val shapes = host.shapes
    for (i in 0..<shapes.length) {
        val shape = shapes[i]!!
        host.write("${shape.name} ${shape.area()} ${(0..<shape.sides.length).sumOf { shape.sides[it]!!.toInt() }}")
    }
    val seen = mutableListOf<String>()
    host.write("each " + host.each(6) { n, text -> seen += text.repeat(n); n % 2 == 0 } + " " + seen)
    for (text in listOf("fine", "throws", "throws what is no error")) {
        try {
            host.write("got ${host.fails(text)}")
        } catch (problem: JsException) {
            host.write("caught ${problem.message} ${typeOf(problem.thrownValue)}")
        }
    }
    try {
        host.each(3) { n, _ -> if (n == 1) throw Refusal("from within", n) else true }
    } catch (problem: Refusal) {
        host.write("through JavaScript: ${problem.message} ${problem.code}")
    }
    val thing = made("ä€😀", 3)
    host.write(json(thing) + typeOf(thing) + typeOf(null) + host.same(thing, thing) + host.same(thing, made("", 0)))
    val many = List(20000) { made("x", it % 3) }
    host.write("many ${many.indices.count { host.same(many[it], many[it]) }} ${json(many[12345])}")
    host.write("texts " + buildString { repeat(3000) { append((it * 7 % 200 + 32).toChar()) } }.hashCode() + " " + "%".plus(1.0 / 3))
}

// main.kt -- what Kotlin's library and compiler make of the collector: prints what it computed; and exports jobs for who measures.
@file:OptIn(kotlin.wasm.ExperimentalWasmInterop::class)

import kotlin.wasm.WasmExport

// ---- Trees that come and go

class Node(val left: Node?, val right: Node?) {
    fun count(): Int = 1 + (left?.count() ?: 0) + (right?.count() ?: 0)
}

fun tree(depth: Int): Node = if (depth == 0) Node(null, null) else Node(tree(depth - 1), tree(depth - 1))

// Many short-lived ones beside one that stays.
@WasmExport
fun trees(depth: Int): Int {
    val stays = tree(depth)
    var sum = 0
    for (d in 4..depth step 2)
        repeat(1 shl (depth - d + 4)) { sum += tree(d).count() }
    return sum + stays.count()
}

// ---- A map whose entries change

@WasmExport
fun churn(rounds: Int): Int {
    val map = HashMap<Int, LongArray>()
    var seed = 42
    var sum = 0L
    repeat(rounds) {
        seed = seed * 1103515245 + 12345
        val key = (seed ushr 8) % 20000
        if (seed and 0x40 == 0) map[key] = LongArray(4) { i -> (key + i).toLong() }
        else map.remove(key)?.let { sum += it[3] }
    }
    return (sum + map.size).toInt()
}

// ---- Texts

@WasmExport
fun strings(rounds: Int): Int {
    var hash = 0
    repeat(rounds) { n ->
        val words = buildString { for (i in 0 until 40) append("word").append((n * 7 + i * 13) % 100).append(' ') }.trim().split(' ')
        val line = words.sorted().distinct().joinToString(",") { it.uppercase().reversed() }
        hash = hash * 31 + line.hashCode() + line.substring(line.length / 2).length + line.indexOf("99D")
    }
    return hash
}

// ---- Richards: tasks of an operating system that pass packets to each other

class Packet(var next: Packet?, var to: Int, val work: Boolean) {
    var datum = 0
    val data = IntArray(4)
    fun behind(queue: Packet?): Packet {
        next = null
        var last = queue ?: return this
        while (true) last = last.next ?: break
        last.next = this
        return queue
    }
}

abstract class Task(val system: System, val id: Int, val priority: Int, var queue: Packet?) {
    var held = false
    var waits = queue == null
    val next = system.first
    init { system.first = this; system.tasks[id] = this }
    val runs get() = !held && (!waits || queue != null)
    abstract fun run(packet: Packet?): Task?
    fun step(): Task? {
        var packet: Packet? = null
        if (waits && queue != null) { packet = queue; queue = packet!!.next; waits = false }
        return run(packet)
    }
}

class System {
    val tasks = arrayOfNulls<Task>(6)
    var first: Task? = null
    lateinit var current: Task
    var queued = 0
    var holds = 0
    fun schedule() {
        var task = first
        while (task != null) task = if (!task.runs) task.next else { current = task; task.step() }
    }
    fun hold(): Task? { holds++; current.held = true; return current.next }
    fun wait(): Task { current.waits = true; return current }
    fun release(id: Int): Task? {
        val task = tasks[id] ?: return null
        task.held = false
        return if (task.priority > current.priority) task else current
    }
    fun send(packet: Packet): Task? {
        val task = tasks[packet.to] ?: return null
        queued++
        packet.next = null
        packet.to = current.id
        val first = task.queue == null
        task.queue = packet.behind(task.queue)
        return if (first && task.priority > current.priority) task else current
    }
}

const val IDLE = 0
const val WORKER = 1
const val HANDLER_A = 2
const val HANDLER_B = 3
const val DEVICE_A = 4
const val DEVICE_B = 5

class Idle(system: System, var left: Int) : Task(system, IDLE, 0, null) {
    var seed = 1
    init { waits = false }
    override fun run(packet: Packet?): Task? {
        if (--left == 0) return system.hold()
        val odd = seed and 1 != 0
        seed = if (odd) (seed shr 1) xor 0xd008 else seed shr 1
        return system.release(if (odd) DEVICE_B else DEVICE_A)
    }
}

class Worker(system: System, queue: Packet) : Task(system, WORKER, 1000, queue) {
    var to = HANDLER_A
    var letter = 0
    override fun run(packet: Packet?): Task? {
        if (packet == null) return system.wait()
        to = HANDLER_A + HANDLER_B - to
        packet.to = to
        packet.datum = 0
        for (i in packet.data.indices) { letter = letter % 26 + 1; packet.data[i] = letter }
        return system.send(packet)
    }
}

class Handler(system: System, id: Int, priority: Int, queue: Packet) : Task(system, id, priority, queue) {
    var work: Packet? = null
    var device: Packet? = null
    override fun run(packet: Packet?): Task? {
        if (packet != null) { if (packet.work) work = packet.behind(work) else device = packet.behind(device) }
        val w = work ?: return system.wait()
        if (w.datum >= w.data.size) { work = w.next; return system.send(w) }
        val d = device ?: return system.wait()
        device = d.next
        d.datum = w.data[w.datum++]
        return system.send(d)
    }
}

class Device(system: System, id: Int, priority: Int) : Task(system, id, priority, null) {
    var pending: Packet? = null
    override fun run(packet: Packet?): Task? {
        if (packet != null) { pending = packet; return system.hold() }
        val p = pending ?: return system.wait()
        pending = null
        return system.send(p)
    }
}

fun packets(count: Int, to: Int, work: Boolean): Packet {
    var queue: Packet? = null
    repeat(count) { queue = Packet(queue, to, work) }
    return queue!!
}

@WasmExport
fun richards(rounds: Int): Int {
    var sum = 0
    repeat(rounds) {
        val s = System()
        Idle(s, 10000)
        Worker(s, packets(2, WORKER, true))
        Handler(s, HANDLER_A, 2000, packets(3, DEVICE_A, false))
        Handler(s, HANDLER_B, 3000, packets(3, DEVICE_B, false))
        Device(s, DEVICE_A, 4000)
        Device(s, DEVICE_B, 5000)
        s.schedule()
        sum += s.queued * 10000 + s.holds
    }
    return sum
}

// ---- What the library does

sealed interface Expr
data class Num(val value: Long) : Expr
data class Sum(val a: Expr, val b: Expr) : Expr
data class Product(val a: Expr, val b: Expr) : Expr

fun eval(e: Expr): Long = when (e) {
    is Num -> e.value
    is Sum -> eval(e.a) + eval(e.b)
    is Product -> eval(e.a) * eval(e.b) % 1000003
}

enum class Shade { DARK, LIGHT }
class Refused(message: String, cause: Throwable) : Exception(message, cause)

fun main() {
    println("trees ${trees(10)} churn ${churn(50000)} strings ${strings(200)} richards ${richards(2)}")
    var e: Expr = Num(1)
    for (i in 1..2000) e = if (i % 3 == 0) Product(e, Num(i.toLong())) else Sum(e, Num(i.toLong()))
    println("${eval(e)} ${Sum(Num(1), Product(Num(2), Num(3)))} ${Num(7) == Num(7)} ${Num(7).hashCode() == Num(8).hashCode()}")
    val words = "the quick brown fox jumps over the lazy dog and runs from the fox".split(' ')
    println(words.groupingBy { it }.eachCount().entries.sortedWith(compareByDescending<Map.Entry<String, Int>> { it.value }.thenBy { it.key }).take(4))
    try {
        try { listOf(1, 2, 3).first { it > 7 } } catch (x: NoSuchElementException) { throw Refused("none of these", x) }
    } catch (x: Refused) { println("${x.message}: ${x.cause!!.message}") } finally { println("and so on") }
    println("${1.0 / 3} ${kotlin.math.sin(1.0)} ${Long.MAX_VALUE} ${Int.MIN_VALUE / -1} ${-7 % 3} ${-7.mod(3)} ${0.1f + 0.2f} ${'a' + 3}")
    println(sequence { var a = 0; var b = 1; while (true) { yield(a); val c = a + b; a = b; b = c } }.take(20).filter { it % 2 == 0 }.toList())
    val anything = listOf<Any?>(1, 2L, "three", 4.0, null, listOf(5), Shade.LIGHT, 'c', intArrayOf(6))
    println(anything.map { when (it) { is Int -> "int"; is Long -> "long"; is String -> it; is Number -> "number"; null -> "null"; is List<*> -> "list"; is Shade -> it.name; is Char -> "char"; else -> "other" } })
    println("${anything[0] as? String} ${runCatching { anything[0] as String }.isFailure} ${arrayOf(3, 1, 2).sortedArray().joinToString()}")
    val lists = ArrayDeque<MutableList<String>>()
    for (i in 0 until 3000) { lists.addLast(mutableListOf("$i")); if (lists.size > 100) lists.removeFirst()[0].length }
    println("${lists.size} ${lists.first()} ${lists.sumOf { it[0].toInt() }} ${"ünïcödé → 😀".length} ${"ünïcödé → 😀".uppercase()}")
}

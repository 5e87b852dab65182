-- bench.lua -- strings, tables, closures, metatables, integers and floats; prints what it computed.
local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
print(fib(24))

local seed = 42
local function rnd(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed % n end

local t = {}
for i = 1, 20000 do t[i] = rnd(1000000) end
table.sort(t)
print(t[1], t[10000], t[20000])

local words = {}
for i = 1, 20000 do
    local w = string.char(97 + rnd(26), 97 + rnd(5), 97 + rnd(26))
    words[w] = (words[w] or 0) + 1
end
local keys = {}
for k in pairs(words) do keys[#keys + 1] = k end
table.sort(keys, function(a, b) return words[a] > words[b] or words[a] == words[b] and a < b end)
for i = 1, 5 do print(keys[i], words[keys[i]]) end

local Vec = {}
Vec.__index = Vec
Vec.__add = function(a, b) return setmetatable({ a[1] + b[1], a[2] + b[2] }, Vec) end
Vec.__tostring = function(v) return string.format("(%.6f, %.6f)", v[1], v[2]) end
local v = setmetatable({ 0, 0 }, Vec)
for i = 1, 30000 do v = v + setmetatable({ math.sin(i), 1 / i }, Vec) end
print(v)

local s = {}
for i = 1, 3000 do s[#s + 1] = string.format("%d:%x;", i, i * i) end
s = table.concat(s)
print(#s, (s:gsub("(%d+):", "<%1>")):sub(1, 60), select(2, s:gsub("a", "")), s:find("bee", 1, true))
print(string.pack("<i4d", -7, 0.5):byte(1, -1))
print(1 // 0.0, -1 % 3, 7 // -2, 1 << 63, math.maxinteger + 1 == math.mininteger, 2^53)
goto done
print("never")
::done::
print(utf8.char(233, 8364, 128512), #utf8.char(128512), collectgarbage("count") > 0)

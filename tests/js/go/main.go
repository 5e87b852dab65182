// main.go -- a program in Go that a page would run: functions that JavaScript calls, and that it calls; promises, timers, panics.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"sort"
	"strings"
	"sync"
	"syscall/js"
	"text/template"
	"time"
)

type entry struct {
	Name  string             `json:"name"`
	Sizes []int              `json:"sizes,omitempty"`
	More  map[string]float64 `json:"more"`
}

// What JavaScript gets: a promise of what a goroutine computes.
func promised(compute func(arguments []js.Value) (any, error)) js.Func {
	return js.FuncOf(func(this js.Value, arguments []js.Value) any {
		var executor js.Func
		executor = js.FuncOf(func(_ js.Value, settle []js.Value) any {
			go func() {
				defer executor.Release()
				if result, err := compute(arguments); err != nil {
					settle[1].Invoke(js.Global().Get("Error").New(err.Error()))
				} else {
					settle[0].Invoke(result)
				}
			}()
			return nil
		})
		return js.Global().Get("Promise").New(executor)
	})
}

func digest(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

func words(text string) map[string]any {
	counts := map[string]any{}
	for _, word := range regexp.MustCompile(`\pL+`).FindAllString(strings.ToLower(text), -1) {
		count, _ := counts[word].(int)
		counts[word] = count + 1
	}
	return counts
}

func fibonacci(n int) string {
	a, b := big.NewInt(0), big.NewInt(1)
	for ; n > 0; n-- {
		a, b = b, a.Add(a, b)
	}
	return a.String()
}

func pipeline(n int) int {
	numbers, squares := make(chan int), make(chan int, 4)
	var workers sync.WaitGroup
	for i := 0; i < 5; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for x := range numbers {
				squares <- x * x
			}
		}()
	}
	go func() {
		for i := 0; i < n; i++ {
			numbers <- i
		}
		close(numbers)
		workers.Wait()
		close(squares)
	}()
	sum := 0
	for x := range squares {
		sum += x
	}
	return sum
}

func main() {
	host, done := js.Global().Get("host"), make(chan struct{})
	offer := map[string]any{
		"add":   js.FuncOf(func(_ js.Value, a []js.Value) any { return a[0].Float() + a[1].Float() }),
		"words": js.FuncOf(func(_ js.Value, a []js.Value) any { return words(a[0].String()) }),
		"digest": js.FuncOf(func(_ js.Value, a []js.Value) any {
			bytes := make([]byte, a[0].Length())
			js.CopyBytesToGo(bytes, a[0])
			return digest(bytes)
		}),
		"zipped": js.FuncOf(func(_ js.Value, a []js.Value) any {
			var out bytes.Buffer
			writer := gzip.NewWriter(&out)
			writer.Write([]byte(a[0].String()))
			writer.Close()
			array := js.Global().Get("Uint8Array").New(out.Len())
			js.CopyBytesToJS(array, out.Bytes())
			return array
		}),
		"mapped": js.FuncOf(func(this js.Value, a []js.Value) any {
			result := make([]any, a[0].Length())
			for i := range result {
				result[i] = a[1].Invoke(a[0].Index(i), i)
			}
			return result
		}),
		"caught": js.FuncOf(func(_ js.Value, a []js.Value) (result any) {
			defer func() { result = fmt.Sprint("recovered: ", recover()) }()
			return a[0].Invoke()
		}),
		"slow": promised(func(a []js.Value) (any, error) {
			time.Sleep(time.Duration(a[0].Int()) * time.Millisecond)
			if a[0].Int() > 15 {
				return nil, errors.New("that is too slow")
			}
			return pipeline(a[0].Int() * 100), nil
		}),
		"stop": js.FuncOf(func(js.Value, []js.Value) any { close(done); return nil }),
	}
	fmt.Println("fibonacci", fibonacci(500), pipeline(1000))

	var list []entry
	err := json.Unmarshal([]byte(host.Get("text").String()), &list)
	sort.Slice(list, func(i, j int) bool { return list[i].Name > list[j].Name })
	text, _ := json.Marshal(list)
	fmt.Println(err, string(text))
	template.Must(template.New("t").Parse("{{range .}}{{.Name | printf \"%-8q\"}}{{len .Sizes}};{{end}}\n")).Execute(output{host}, list)

	seen := map[int]string{}
	for i := 0; i < 200000; i++ {
		seen[i*7919%100003] = fmt.Sprint(i)
	}
	fmt.Println("seen", len(seen), seen[42], digest([]byte(strings.Repeat("weft", 100000))))
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		var none []int
		fmt.Println(none[len(seen)])
	}()
	host.Call("ready", offer)
	<-done
	fmt.Println("stopped", host.Get("nothing").IsUndefined(), host.Get("add").Type(), js.ValueOf(1.5).Equal(js.ValueOf(1.5)))
}

type output struct{ host js.Value }

func (o output) Write(bytes []byte) (int, error) {
	o.host.Call("write", string(bytes))
	return len(bytes), nil
}

package closures

import (
	"errors"
	"fmt"
	"strings"

	"example.com/sink"
)

func captured(tainted string) {
	text := "a"
	change := func() { text = tainted }
	sink.Sink(text) // no flow
	change()
	sink.Sink(text) // flow
}

func maker(prefix string) func(string) string {
	return func(text string) string { return prefix + text }
}

func returned(tainted string) {
	sink.Sink(maker(tainted)("a")) // flow
	sink.Sink(maker("p")("a")) // no flow
}

func deferred(tainted string) {
	text := "a"
	defer func() {
		sink.Sink(text) // flow
	}()
	defer sink.Sink(text) // no flow
	text = tainted
}

func recovered(tainted string) {
	defer func() {
		if thrown := recover(); thrown != nil {
			sink.Sink(thrown) // flow
		}
	}()
	panic(tainted)
}

func failing(text string) error {
	return fmt.Errorf("bad %s", text)
}

func failed(tainted string) {
	if err := failing(tainted); err != nil {
		sink.Sink(err.Error()) // flow
	}
	if err := errors.New("fixed"); err != nil {
		sink.Sink(err.Error()) // no flow
	}
}

func built(tainted string) {
	var text strings.Builder
	text.WriteString("a")
	text.WriteString(tainted)
	sink.Sink(text.String()) // flow
	sink.Sink(strings.Join([]string{"a", strings.ToUpper(tainted)}, ",")) // flow
	sink.Sink(strings.Join([]string{"a", "b"}, ",")) // no flow
}

func bytes(tainted string) {
	raw := []byte(tainted)
	sink.Sink(string(raw)) // flow
	var number int = len("abc")
	sink.Sink(number) // no flow
}

type handler func(string)

func apply(run handler, text string) { run(text) }

func passed(tainted string) {
	apply(func(text string) { sink.Sink(text) }, tainted) // flow
	apply(func(text string) { sink.Sink(text) }, "x") // no flow
}

func generic[T any](value T) T { return value }

func generics(tainted string) {
	sink.Sink(generic(tainted)) // flow
	sink.Sink(generic[string]("x")) // no flow
}

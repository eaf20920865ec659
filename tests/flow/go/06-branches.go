package branches

import "example.com/sink"

func dead(tainted string) {
	text := ""
	if 1 > 2 {
		text = tainted
	}
	sink.Sink(text) // no flow
}

func shadowed(tainted string) {
	text := "a"
	if text := tainted; text != "" {
		sink.Sink(text) // flow
	}
	sink.Sink(text) // no flow
}

func switched(tainted string, kind int) {
	text := "a"
	switch {
	case kind > 3:
		text = tainted
	default:
		text = "b"
	}
	sink.Sink(text) // flow
	switch 2 {
	case 1:
		text = tainted
	case 2:
		text = "two"
	}
	sink.Sink(text) // no flow
}

func fallsThrough(tainted string) {
	text := "a"
	switch 1 {
	case 1:
		fallthrough
	case 2:
		text = tainted
	case 3:
		text = "three"
	}
	sink.Sink(text) // flow
}

func typed(tainted string) {
	var value interface{} = tainted
	switch known := value.(type) {
	case int:
		sink.Sink(known) // no flow
	case string:
		sink.Sink(known) // flow
	}
}

func jumped(tainted string) {
	text := tainted
	goto end
	sink.Sink(text) // no flow
end:
	sink.Sink(text) // flow
}

func loops(tainted string) {
	text := ""
	for i := 0; i < 3; i++ {
		if i == 5 {
			text = tainted
		}
	}
	sink.Sink(text) // no flow
	for i := range 2 {
		if i == 1 {
			text = tainted
		}
	}
	sink.Sink(text) // flow
}

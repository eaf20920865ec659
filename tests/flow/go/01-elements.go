package elements

import "example.com/sink"

func sliceIndex(tainted string) {
	rows := []string{"head", tainted}
	sink.Sink(rows[1]) // flow
	sink.Sink(rows[0]) // no flow
}

func mapKeys(tainted string) {
	account := map[string]string{"iban": tainted, "currency": "CNY"}
	sink.Sink(account["currency"]) // no flow
	value, ok := account["iban"]
	if ok {
		sink.Sink(value) // flow
	}
}

func appended(tainted string) {
	rows := []string{}
	rows = append(rows, "a", tainted)
	sink.Sink(rows[0]) // no flow
	sink.Sink(rows[1]) // flow
	more := append([]string{"x"}, rows...)
	sink.Sink(more[1]) // no flow
	sink.Sink(more[2]) // flow
}

func deleted(tainted string) {
	cache := make(map[string]string)
	cache["k"] = tainted
	delete(cache, "k")
	sink.Sink(cache["k"]) // no flow
}

func grid(tainted string) {
	cells := [2][2]string{{"a", tainted}, {"b", "c"}}
	sink.Sink(cells[0][1]) // flow
	sink.Sink(cells[1][1]) // no flow
}

func overwritten(tainted string) {
	rows := []string{tainted, "b"}
	rows[0] = "a"
	sink.Sink(rows[0]) // no flow
}

func sliced(tainted string) {
	rows := []string{"a", tainted, "c"}
	sink.Sink(rows[1:2][0]) // flow
	sink.Sink(rows[2:][0]) // no flow
}

func ranged(tainted string) {
	for key, value := range map[string]string{tainted: "x"} {
		sink.Sink(key) // flow
		sink.Sink(value) // no flow
	}
	for index, value := range []string{"a", tainted} {
		if index == 0 {
			sink.Sink(value) // no flow
		} else {
			sink.Sink(value) // flow
		}
	}
}

func copied(tainted string) {
	target := make([]string, 2)
	copy(target, []string{"a", tainted})
	sink.Sink(target[1]) // flow
	sink.Sink(target[0]) // no flow
}

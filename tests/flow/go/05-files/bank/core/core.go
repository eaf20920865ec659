package core

import "example.com/sink"

const Label = "core"

type Account struct {
	Owner string
	Kind  string
}

func Run(text string) {
	sink.Sink(text) // flow
}

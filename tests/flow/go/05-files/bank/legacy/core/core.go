package core

import "example.com/sink"

func Run(text string) {
	text = "masked"
	sink.Sink(text) // no flow
}

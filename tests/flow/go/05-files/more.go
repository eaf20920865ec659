package main

import "example.com/sink"

func forward(text string) {
	sink.Sink(text) // flow
}

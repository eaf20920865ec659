package main

import (
	"example.com/app/bank/core"
	old "example.com/app/bank/legacy/core"
	"example.com/sink"
)

func one(tainted string) {
	core.Run(tainted)
	old.Run(tainted)
	sink.Sink(core.Label) // no flow
	forward(tainted)
}

func two(tainted string) {
	account := core.Account{Owner: tainted, Kind: "x"}
	sink.Sink(account.Owner) // flow
	sink.Sink(account.Kind) // no flow
	sink.Sink(account.Shown()) // flow
}

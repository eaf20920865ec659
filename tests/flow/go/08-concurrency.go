package concurrency

import (
	"sync"

	"example.com/sink"
)

func channels(tainted string) {
	bad := make(chan string, 1)
	good := make(chan string, 1)
	bad <- tainted
	good <- "x"
	sink.Sink(<-bad) // flow
	sink.Sink(<-good) // no flow
}

func goroutine(tainted string) {
	results := make(chan string)
	go func() {
		results <- tainted
		close(results)
	}()
	for text := range results {
		sink.Sink(text) // flow
	}
}

func waits(tainted string) {
	var group sync.WaitGroup
	var lock sync.Mutex
	text := "a"
	group.Add(1)
	go func() {
		defer group.Done()
		lock.Lock()
		text = tainted
		lock.Unlock()
	}()
	group.Wait()
	sink.Sink(text) // flow
}

func ordered(tainted string) {
	queue := make(chan string, 2)
	queue <- "first"
	queue <- tainted
	sink.Sink(<-queue) // no flow
	sink.Sink(<-queue) // flow
}

func selected(tainted string) {
	bad := make(chan string, 1)
	bad <- tainted
	select {
	case text := <-bad:
		sink.Sink(text) // flow
	default:
		sink.Sink("none") // no flow
	}
}

func worker(jobs chan string, done chan bool) {
	text := <-jobs
	sink.Sink(text) // flow
	done <- true
}

func workers(tainted string) {
	jobs := make(chan string)
	done := make(chan bool)
	go worker(jobs, done)
	jobs <- tainted
	<-done
}

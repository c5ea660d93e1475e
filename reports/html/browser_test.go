package html_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var (
	screenshots = flag.String("screenshots", "", "save pictures of the pages that the browser shows in this `folder`")
	shownPage   = flag.String("page", "", "show this `file` instead of the pages of the test")
)

// looks are how a page is looked at.
var looks = []struct {
	name, media, scheme string
	width               int64
}{
	{"telephone", "screen", "light", 390}, {"telephone-dark", "screen", "dark", 390},
	{"desktop", "screen", "light", 1280}, {"desktop-dark", "screen", "dark", 1280},
	{"print", "print", "light", 718}, // A4 less its margins
}

// watched is what a page does that it should not.
type watched struct {
	sync.Mutex
	requests, complaints []string
}

func (w *watched) hear(event any) {
	w.Lock()
	defer w.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
	case *log.EventEntryAdded:
		w.complaints = append(w.complaints, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		w.complaints = append(w.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		w.complaints = append(w.complaints, fmt.Sprint("console: ", e.Type))
	}
}

// measured is what the browser finds on a page.
type measured struct {
	Width, Sections, Tables, Rows, Charts, Blank, Tiny int
	Overlaps                                           []string
	Background                                         string
}

// measure counts what is there, charts that show nothing or are too small, and names on axes that overlap.
const measure = `(() => {
	document.querySelectorAll('details').forEach(d => d.open = true);
	const shown = [...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width > 0);
	const overlaps = [];
	for (const s of shown) {
		const texts = [...s.querySelectorAll('text')], boxes = texts.map(t => t.getBoundingClientRect());
		for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
			const a = boxes[i], b = boxes[j], slack = 2;
			if (a.left+slack < b.right && b.left+slack < a.right && a.top+slack < b.bottom && b.top+slack < a.bottom) overlaps.push(s.ariaLabel + ": " + texts[j].textContent + " | " + texts[i].textContent);
		}
	}
	return {
		Width: document.documentElement.scrollWidth, Sections: document.querySelectorAll('section').length,
		Tables: document.querySelectorAll('table').length, Rows: document.querySelectorAll('tbody tr').length,
		Charts: shown.length, Blank: shown.filter(s => s.querySelectorAll('path').length < 2).length,
		Tiny: shown.filter(s => s.getBoundingClientRect().width < 200).length, Overlaps: overlaps,
		Background: getComputedStyle(document.body).backgroundColor,
	};
})()`

// shown are the pages, with the least that must be there.
var shown = []struct {
	name  string
	page  func(*testing.T) []byte
	least measured
}{
	{"run", citrix, measured{Sections: 8, Tables: 10, Rows: 50, Charts: 15}},
	{"fit", fitted, measured{Sections: 8, Tables: 5, Rows: 20, Charts: 6}},
	{"plan", planPage, measured{Sections: 8, Tables: 6, Rows: 25, Charts: 2}},
	{"frontier", frontierPage, measured{Sections: 4, Tables: 9, Rows: 20, Charts: 1}},
}

// TestBrowser opens reports in Chromium, as wide as a telephone, a desktop and paper, in light and dark.
func TestBrowser(t *testing.T) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findChromium(t)), chromedp.NoSandbox)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx := startBrowser(t, allocator)
	if *shownPage != "" {
		look(t, ctx, *shownPage, "", measured{})
		return
	}
	for _, s := range shown {
		t.Run(s.name, func(t *testing.T) {
			page := filepath.Join(t.TempDir(), "report.html")
			if err := os.WriteFile(page, s.page(t), 0o666); err != nil {
				t.Fatal(err)
			}
			look(t, ctx, page, s.name+"-", s.least)
		})
	}
}

// startBrowser starts the browser, which now and then crashes on a busy machine, and is the context of its tabs.
func startBrowser(t *testing.T, allocator context.Context) context.Context {
	t.Helper()
	const attempts = 3
	var err error
	for range attempts {
		browser, stop := chromedp.NewContext(allocator)
		if _, err = chromedp.Run(browser, chromedp.Navigate("about:blank")); err == nil {
			t.Cleanup(stop)
			return browser
		}
		stop()
	}
	t.Fatal(err)
	return nil
}

// look opens a page in every look. Pictures of it begin with the prefix.
func look(t *testing.T, ctx context.Context, page, prefix string, least measured) {
	backgrounds := map[string]string{}
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			tab, closeTab := chromedp.NewContext(ctx)
			defer closeTab()
			found, w := open(t, tab, page, look.width, look.media, look.scheme)
			if found.Width > int(look.width) {
				t.Errorf("the page is %d wide, want at most %d", found.Width, look.width)
			}
			if found.Sections < least.Sections || found.Tables < least.Tables || found.Rows < least.Rows || found.Charts < least.Charts {
				t.Errorf("too little is there: %+v, want %+v", found, least)
			}
			if found.Blank > 0 || found.Tiny > 0 || len(found.Overlaps) > 0 {
				t.Errorf("charts are blank or too small, or names overlap: %+v", found)
			}
			if len(w.requests) != 1 || len(w.complaints) > 0 {
				t.Errorf("the page fetches %q and complains %q", w.requests, w.complaints)
			}
			backgrounds[look.name] = found.Background
			save(t, tab, prefix+look.name)
		})
	}
	if backgrounds["desktop"] == backgrounds["desktop-dark"] {
		t.Errorf("light and dark are the same: %v", backgrounds)
	}
}

// findChromium is the browser's program. Where there is none the test says so and is skipped.
func findChromium(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium on the PATH: reports are not looked at in a browser (Debian: apt-get install chromium)")
	return ""
}

// open shows the page and measures it.
func open(t *testing.T, ctx context.Context, page string, width int64, media, scheme string) (measured, *watched) {
	t.Helper()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var w watched
	if err := chromedp.Listen(ctx, w.hear); err != nil {
		t.Fatal(err)
	}
	enable := func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		if err == nil {
			_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
		}
		if err == nil {
			_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
		}
		return err
	}
	const tall = 900
	if err := chromedp.Do(limited, chromedp.EmulateViewport(width, tall), chromedp.Func(enable), chromedp.Navigate("file://"+page)); err != nil {
		t.Fatal(err)
	}
	found, err := chromedp.Run(limited, chromedp.Evaluate[measured](measure))
	if err != nil {
		t.Fatal(err)
	}
	w.Lock()
	defer w.Unlock()
	return found, &watched{requests: w.requests, complaints: w.complaints}
}

// save keeps a picture where that is asked for, with what is folded away left so.
func save(t *testing.T, ctx context.Context, name string) {
	if *screenshots == "" {
		return
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](`document.querySelectorAll('details').forEach(d => d.open = false)`)); err != nil {
		t.Fatal(err)
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name+".png"), picture, 0o666); err != nil {
		t.Fatal(err)
	}
}

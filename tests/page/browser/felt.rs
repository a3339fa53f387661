//! What a person feels of the page's thread: tasks that hold it up, what moves by itself, how long an answer takes.
//! The page's own observers tell it, by the clock.

use std::time::Duration;

use serde_json::json;

use super::Browser;

/// Runs in every document: notes long tasks, what moves by itself, and how long keys and clicks take until the next paint.
pub(super) const WATCH: &str = r"
    window.__longTasks = [];
    window.__shifts = [];
    window.__interactions = [];
    const watch = (type, note, more) => new PerformanceObserver(list => list.getEntries().forEach(note))
        .observe({type, buffered: true, ...more});
    watch('longtask', task => window.__longTasks.push([task.startTime, task.duration]));
    watch('layout-shift', ({startTime, value, hadRecentInput}) => {
        if (!hadRecentInput) window.__shifts.push([startTime, value]);
    });
    watch('event', ({interactionId, duration}) => {
        if (interactionId) window.__interactions.push(duration);
    }, {durationThreshold: 16});
";

/// The cumulative layout shift as browsers count it: the worst burst, of movements less than a second apart and within
/// five seconds. <https://web.dev/articles/cls>
const SHIFT: &str = "
    let worst = 0, burst = 0, first = 0, last = -Infinity;
    for (const [at, value] of window.__shifts) {
        if (at - last > 1000 || at - first > 5000) [burst, first] = [0, at];
        [burst, last] = [burst + value, at];
        worst = Math.max(worst, burst);
    }
    return worst;";

/// Notes when the next click comes, when the text of an element is another one after it, and when the page is at rest
/// again. What is painted counts, not what is only in the document.
const AWAIT: &str = "
    const shown = () => document.querySelector(arguments[0])?.textContent;
    const root = document.documentElement, before = shown();
    const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    window.__answer = new Promise(done => addEventListener('click', ({timeStamp}) => {
        let answered;
        const look = async () => {
            if (answered === undefined && shown() !== before) {
                answered = painted().then(() => performance.now() - timeStamp);
            }
            if (answered !== undefined && root.dataset.busy === undefined) {
                watch.disconnect();
                await painted();
                done([await answered, performance.now() - timeStamp]);
            }
        };
        const watch = new MutationObserver(look);
        watch.observe(root, {subtree: true, childList: true, characterData: true, attributeFilter: ['data-busy']});
    }, {once: true, capture: true}));
    return true;";

/// Scrolls once a frame, and looks after each paint at the top, the middle and the bottom of what is scrolled.
const FLING: &str = "
    const [scrolled, shown, step, frames] = arguments;
    const element = document.querySelector(scrolled);
    const {left, top, bottom, width} = element.getBoundingClientRect();
    const x = left + width / 3, edge = 60;
    const places = [top + edge, (top + bottom) / 2, Math.min(bottom, innerHeight) - edge];
    const isBlank = () => places.some(y => !document.elementFromPoint(x, y)?.closest(shown));
    const painted = () => new Promise(done => requestAnimationFrame(() => {
        element.scrollTop += step;
        const {port1, port2} = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(null);
    }));
    let blank = 0;
    for (let frame = 0; frame < frames; frame++) {
        await painted();
        if (isBlank()) blank++;
    }
    return blank;";

/// How long the page took for an answer.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    /// From the click until the answer was painted.
    pub shown: Duration,
    /// From the click until nothing was left to be drawn.
    pub settled: Duration,
}

impl Browser {
    /// The longest task of the page's thread since the page was opened, in milliseconds; under 50 counts as 0.
    pub fn longest_task(&self) -> f64 {
        self.script(
            "return Math.max(0, ...window.__longTasks.map(task => task[1]))",
            Vec::new(),
        )
    }

    /// How far what is in sight has moved by itself since the page was opened.
    pub fn shift(&self) -> f64 {
        self.script(SHIFT, Vec::new())
    }

    /// The longest time from a key or a click to the next paint since the page was opened.
    pub fn slowest_interaction(&self) -> Duration {
        milliseconds(self.script("return Math.max(0, ...window.__interactions)", Vec::new()))
    }

    /// Presses a button, and waits until the text of an element is another one: how long that took.
    pub fn press_and_wait(&self, name: &str, selector: &str) -> Answered {
        self.wait_for_answer(selector, |browser| browser.press(name))
    }

    /// Does something that ends in a click, and waits until the text of an element is another one: how long that took
    /// from the click.
    pub fn wait_for_answer(&self, selector: &str, act: impl FnOnce(&Self)) -> Answered {
        self.script::<bool>(AWAIT, vec![json!(selector)]);
        act(self);
        let (shown, settled) = self.script("return await window.__answer", Vec::new());
        Answered {
            shown: milliseconds(shown),
            settled: milliseconds(settled),
        }
    }

    /// Flings what a selector finds by so many pixels a frame, for so many frames; in how many of them a place that
    /// should show an element of another selector was blank.
    pub fn fling(&self, scrolled: &str, shown: &str, step: u32, frames: u32) -> u32 {
        let arguments = vec![json!(scrolled), json!(shown), json!(step), json!(frames)];
        self.script(FLING, arguments)
    }
}

fn milliseconds(count: f64) -> Duration {
    Duration::from_secs_f64(count / 1000.0)
}

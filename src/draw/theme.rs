//! The colours of the charts, light and dark: Okabe and Ito's set, which the colour-blind can tell apart.
//! Every text stands out from its ground by 4.5:1, every mark by 3:1; the tests measure it.

use super::scene::Ink;
use tracesift_core::trace::Outcome;

/// Which ground a chart is drawn for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark marks on a light page.
    #[default]
    Light,
    /// Light marks on a dark page.
    Dark,
}

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Palette {
    /// The ground of a chart that stands alone; on the page the ground is the page's.
    pub paper: Ink,
    /// Titles, labels of marks.
    pub ink: Ink,
    /// Axis labels.
    pub soft: Ink,
    /// Lines behind the marks.
    pub grid: Ink,
    /// The line on which bars stand.
    pub base: Ink,
    /// Selected rows.
    pub main: Ink,
    /// A second measure beside the first.
    pub second: Ink,
    /// Errors.
    pub error: Ink,
    /// All rows: their line.
    pub all: Ink,
    /// All rows: their area.
    pub pale: Ink,
    /// Text on a filled mark.
    pub on_mark: Ink,
    /// The budget's line.
    pub budget: Ink,
}

impl Theme {
    /// Its colours.
    pub const fn palette(self) -> &'static Palette {
        match self {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

impl Palette {
    /// An outcome's colour; its symbol says the same without colour.
    pub const fn outcome(&self, outcome: Outcome) -> Ink {
        match outcome {
            Outcome::Success => Ink::hex(0x00_9E73),
            Outcome::Partial => self.second,
            Outcome::Failure => self.error,
            Outcome::Unknown => Ink::hex(0x87_909A),
        }
    }

    /// The colours of lines that stand for names; each has a stroke too.
    pub const fn names(&self) -> [Ink; 5] {
        let green = self.outcome(Outcome::Success);
        [self.main, self.second, green, self.error, self.all]
    }
}

const LIGHT: Palette = Palette {
    paper: Ink::hex(0xFF_FFFF),
    ink: Ink::hex(0x1B_1F24),
    soft: Ink::hex(0x57_606A),
    grid: Ink::hex(0xE6_E9ED),
    base: Ink::hex(0x8C_959F),
    main: Ink::hex(0x2F_82B8),
    second: Ink::hex(0xB5_7B00),
    error: Ink::hex(0xD9_6416),
    all: Ink::hex(0x6B_7F92),
    pale: Ink::hex(0xDF_E8F0),
    on_mark: Ink::hex(0x08_0C10),
    budget: Ink::hex(0xA6_3D7C),
};

const DARK: Palette = Palette {
    paper: Ink::hex(0x15_191E),
    ink: Ink::hex(0xE6_EAEE),
    soft: Ink::hex(0xA3_ADB8),
    grid: Ink::hex(0x2A_3138),
    base: Ink::hex(0x6B_7580),
    main: Ink::hex(0x56_B4E9),
    second: Ink::hex(0xE6_9F00),
    error: Ink::hex(0xE8_7B35),
    all: Ink::hex(0x84_99AD),
    pale: Ink::hex(0x28_3643),
    on_mark: Ink::hex(0x08_0C10),
    budget: Ink::hex(0xE3_8BC0),
};

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    /// WCAG's relative luminance.
    fn luminance(ink: Ink) -> f64 {
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        let (r, g, b) = ink.rgb;
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    fn contrast(a: Ink, b: Ink) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read() {
        for p in [&LIGHT, &DARK] {
            for ground in [p.paper, p.pale] {
                for text in [p.ink, p.soft, p.budget] {
                    assert!(
                        contrast(text, ground) >= 4.5,
                        "{text:?} on {ground:?}: {}",
                        contrast(text, ground)
                    );
                }
            }
            let marks = Outcome::ALL.map(|o| p.outcome(o));
            for mark in marks.into_iter().chain([p.main, p.error]) {
                assert!(
                    contrast(p.on_mark, mark) >= 4.5,
                    "text on {mark:?}: {}",
                    contrast(p.on_mark, mark)
                );
                assert!(
                    contrast(mark, p.paper) >= 3.0,
                    "{mark:?} on paper: {}",
                    contrast(mark, p.paper)
                );
            }
            for line in p.names() {
                assert!(contrast(line, p.paper) >= 3.0, "{line:?}");
            }
        }
    }
}

//! The places of the page: what of the run a person looks at. A link says which one it opens.
//! Rules and figures do not depend on it.

/// A place of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PagePlace {
    /// What the runs are, in one look.
    #[default]
    Overview,
    /// The runs one by one.
    Rows,
    /// Groups of runs side by side.
    Compare,
    /// How long runs are, and what training on them costs.
    Tokens,
    /// Signs of bad data.
    Quality,
    /// The selection as files.
    Export,
}

impl PagePlace {
    /// Every place, in the order of the page.
    pub const ALL: [PagePlace; 6] = [
        PagePlace::Overview,
        PagePlace::Rows,
        PagePlace::Compare,
        PagePlace::Tokens,
        PagePlace::Quality,
        PagePlace::Export,
    ];

    /// Its name in the address.
    pub const fn name(self) -> &'static str {
        match self {
            PagePlace::Overview => "overview",
            PagePlace::Rows => "rows",
            PagePlace::Compare => "compare",
            PagePlace::Tokens => "tokens",
            PagePlace::Quality => "quality",
            PagePlace::Export => "export",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            PagePlace::Overview => "Overview",
            PagePlace::Rows => "Rows",
            PagePlace::Compare => "Compare",
            PagePlace::Tokens => "Tokens & cost",
            PagePlace::Quality => "Quality",
            PagePlace::Export => "Export",
        }
    }
}

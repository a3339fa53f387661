//! A table whose entries have names: an enum of one variant per line, and the record of each.
//! Whatever is offered by name (a sign, a number, a chart) is one line of one such table.

/// Makes an enum of a table: `Name of RecordType { Variant = path::RECORD, … }`.
///
/// The enum gets `COUNT`, `ALL` (every variant, in the table's order) and `record`. The order of the lines is the order of
/// the page and of the downloaded table.
macro_rules! table {
    (
        $(#[$meta:meta])*
        pub enum $name:ident of $record:ty { $($variant:ident = $value:path,)+ }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $(
                #[doc = concat!("See `", stringify!($value), "`.")]
                $variant,
            )+
        }

        impl $name {
            /// How many entries there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Every entry, in the order of the table.
            pub const ALL: [Self; [$(stringify!($variant)),+].len()] = [$(Self::$variant),+];

            /// The entry's record.
            pub(super) const fn record(self) -> &'static $record {
                match self {
                    $(Self::$variant => &$value,)+
                }
            }
        }
    };
}

pub(crate) use table;

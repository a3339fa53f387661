//! The bytes of a binary file as `git diff --binary` writes them: a method, lines of base 85, an empty line; once forward,
//! mostly once back. Whether the lines are whole is checked, not what they unpack to.

/// Where in such bytes a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    /// At the method of the first part.
    First,
    /// Among the lines of a part.
    Data { is_second: bool },
    /// Behind the first part: there may be a second one.
    Second,
}

/// What a line is to the bytes.
pub(super) enum Step {
    /// One of their lines; what follows.
    Inside(Option<Binary>),
    /// It stands behind them.
    Behind,
    /// They are damaged here.
    Damaged,
}

impl Binary {
    pub(super) fn step(self, line: &str) -> Step {
        let line = line.trim_end_matches('\r');
        match self {
            Self::First if is_method(line) => Step::Inside(Some(Self::Data { is_second: false })),
            Self::Second if is_method(line) => Step::Inside(Some(Self::Data { is_second: true })),
            Self::Second => Step::Behind,
            Self::Data { is_second } if line.is_empty() => {
                Step::Inside((!is_second).then_some(Self::Second))
            }
            Self::Data { .. } if is_data(line) => Step::Inside(Some(self)),
            Self::First | Self::Data { .. } => Step::Damaged,
        }
    }
}

fn is_method(line: &str) -> bool {
    line.starts_with("literal ") || line.starts_with("delta ")
}

/// Whether a line is a length, as a letter, and as many bytes in groups of five characters for four bytes.
fn is_data(line: &str) -> bool {
    let Some((length, digits)) = line.as_bytes().split_first() else {
        return false;
    };
    let length = match length {
        b'A'..=b'Z' => usize::from(length - b'A') + 1,
        b'a'..=b'z' => usize::from(length - b'a') + 27,
        _ => return false,
    };
    let most = digits.len() / 5 * 4;
    let fits = !digits.is_empty() && digits.len() % 5 == 0 && length <= most && length + 4 > most;
    fits && digits.iter().all(|digit| is_digit(*digit))
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&()*+-;<=>?@^_`{|}~".contains(&byte)
}

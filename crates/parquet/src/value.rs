//! One value, written as what the datasets server writes: so a row is the same by either route.
//! Times are ISO 8601, bytes base64, decimals texts; a number that JSON has no word for is null.

use base64::prelude::{BASE64_STANDARD, Engine};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::schema::types::ColumnDescriptor;

use tracesift_core::packed::Writer;

use super::leaf::Values;
use super::text::{self, Full};

/// How a leaf's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As its physical type says.
    Plain,
    /// Bytes that are text.
    Text,
    /// Bytes that are JSON.
    Json,
    /// A number without sign.
    Unsigned,
    /// Days since 1970.
    Date,
    /// Units since midnight; how many make a second.
    Time(i64),
    /// Units since 1970; how many make a second, and whether it is in UTC.
    Timestamp(i64, bool),
    /// A whole number with so many digits behind the point.
    Decimal(u32),
    /// Half-precision numbers.
    Half,
}

impl Form {
    /// The form of a column's values.
    pub fn of(column: &ColumnDescriptor) -> Self {
        let scale = |scale: i32| Self::Decimal(u32::try_from(scale).unwrap_or_default());
        match column.logical_type_ref() {
            Some(LogicalType::String | LogicalType::Enum) => return Self::Text,
            Some(LogicalType::Json) => return Self::Json,
            Some(LogicalType::Date) => return Self::Date,
            Some(LogicalType::Float16) => return Self::Half,
            Some(LogicalType::Integer(kind)) if !kind.is_signed => return Self::Unsigned,
            Some(LogicalType::Decimal(kind)) => return scale(kind.scale),
            Some(LogicalType::Time(kind)) => return Self::Time(per_second(kind.unit)),
            Some(LogicalType::Timestamp(kind)) => {
                return Self::Timestamp(per_second(kind.unit), kind.is_adjusted_to_u_t_c);
            }
            _ => {}
        }
        match column.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM => Self::Text,
            ConvertedType::JSON => Self::Json,
            ConvertedType::DATE => Self::Date,
            ConvertedType::TIME_MILLIS => Self::Time(1_000),
            ConvertedType::TIME_MICROS => Self::Time(1_000_000),
            ConvertedType::TIMESTAMP_MILLIS => Self::Timestamp(1_000, true),
            ConvertedType::TIMESTAMP_MICROS => Self::Timestamp(1_000_000, true),
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Self::Unsigned,
            ConvertedType::DECIMAL => scale(column.type_scale()),
            _ => Self::Plain,
        }
    }
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// Writes a value; `None` where there is none at that index.
pub fn write(
    out: &mut Writer,
    values: &Values,
    index: usize,
    form: Form,
) -> Option<Result<(), Full>> {
    match values {
        Values::None => return None,
        Values::Bool(values) => out.bool(*values.get(index)?),
        Values::Int32(values) => whole(out, i64::from(*values.get(index)?), form, 32),
        Values::Int64(values) => whole(out, *values.get(index)?, form, 64),
        Values::Int96(values) => moment(out, values.get(index)?.to_nanos(), 1_000_000_000, false),
        // A single-precision number has the digits that it has once it is widened, as the server writes it.
        Values::Float(values) => out.float(f64::from(*values.get(index)?)),
        Values::Double(values) => out.float(*values.get(index)?),
        Values::Bytes(values) => return Some(bytes(out, values.get(index)?.data(), form)),
        Values::Fixed(values) => return Some(bytes(out, values.get(index)?.data(), form)),
    }
    Some(Ok(()))
}

fn whole(out: &mut Writer, number: i64, form: Form, bits: u32) {
    match form {
        Form::Unsigned if bits == 32 => out.whole(u64::from(number as u32)),
        Form::Unsigned => out.whole(number as u64),
        Form::Date => {
            let day = TimeDelta::try_days(number);
            let date = day.and_then(|day| NaiveDate::default().checked_add_signed(day));
            text_or_null(out, date.map(|date| date.to_string()));
        }
        Form::Time(per_second) => time(out, number, per_second),
        Form::Timestamp(per_second, is_utc) => moment(out, number, per_second, is_utc),
        Form::Decimal(scale) => out.text(&decimal(&number.to_string(), scale)),
        _ => out.signed(number),
    }
}

fn text_or_null(out: &mut Writer, text: Option<String>) {
    match text {
        Some(text) => out.text(&text),
        None => out.null(),
    }
}

/// Whole seconds and the microseconds after them: what is finer is cut off.
fn seconds(number: i64, per_second: i64) -> (i64, u32) {
    let rest = number.rem_euclid(per_second);
    let micros = if per_second >= 1_000_000 {
        rest / (per_second / 1_000_000)
    } else {
        rest * (1_000_000 / per_second)
    };
    (
        number.div_euclid(per_second),
        u32::try_from(micros).unwrap_or_default(),
    )
}

fn fraction(micros: u32) -> String {
    if micros == 0 {
        String::new()
    } else {
        format!(".{micros:06}")
    }
}

fn time(out: &mut Writer, number: i64, per_second: i64) {
    let (seconds, micros) = seconds(number, per_second);
    let time = u32::try_from(seconds)
        .ok()
        .and_then(|seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0));
    let time = time.map(|time| format!("{}{}", time.format("%H:%M:%S"), fraction(micros)));
    text_or_null(out, time);
}

fn moment(out: &mut Writer, number: i64, per_second: i64, is_utc: bool) {
    let (seconds, micros) = seconds(number, per_second);
    let time = DateTime::from_timestamp(seconds, 0);
    let time = time.map(|time| {
        let zone = if is_utc { "Z" } else { "" };
        let time = time.format("%Y-%m-%dT%H:%M:%S");
        format!("{time}{}{zone}", fraction(micros))
    });
    text_or_null(out, time);
}

fn bytes(out: &mut Writer, bytes: &[u8], form: Form) -> Result<(), Full> {
    text::check_room(out, bytes.len())?;
    match form {
        Form::Text => return text::of(out, bytes),
        Form::Json => return text::embedded(out, bytes),
        Form::Decimal(scale) => {
            text_or_null(out, big_endian(bytes).map(|digits| decimal(&digits, scale)));
        }
        Form::Half => match <[u8; 2]>::try_from(bytes) {
            Ok(half) => out.float(half::f16::from_le_bytes(half).to_f64()),
            Err(_) => out.null(),
        },
        _ => out.text(&BASE64_STANDARD.encode(bytes)),
    }
    Ok(())
}

/// `-12345` with two digits behind the point: `-123.45`.
fn decimal(digits: &str, scale: u32) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let scale = usize::try_from(scale).unwrap_or_default().min(1_000);
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{part}")
}

/// A signed whole number of any length that a real one has.
fn big_endian(bytes: &[u8]) -> Option<String> {
    const LONGEST: usize = 64;
    const GROUP: u64 = 1_000_000_000;
    if bytes.is_empty() || bytes.len() > LONGEST {
        return None;
    }
    let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut size = bytes.to_vec();
    if is_negative {
        // The size of a negative number is its bits turned over, and one.
        let mut carry = true;
        for byte in size.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    // Nine decimal digits at a time, the lowest first.
    let mut groups = Vec::new();
    while size.iter().any(|byte| *byte != 0) {
        let mut rest = 0;
        for byte in &mut size {
            let part = rest << 8 | u64::from(*byte);
            *byte = (part / GROUP) as u8;
            rest = part % GROUP;
        }
        groups.push(rest);
    }
    let mut digits = String::from(if is_negative { "-" } else { "" });
    digits += &groups.pop().unwrap_or_default().to_string();
    for group in groups.iter().rev() {
        digits += &format!("{group:09}");
    }
    Some(digits)
}

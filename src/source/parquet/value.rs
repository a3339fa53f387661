//! One value as JSON, written as the datasets server writes it: so a row is the same text by either route.
//! Times are ISO 8601, bytes base64, decimals texts; a number that JSON has no word for is null.

use base64::prelude::{BASE64_STANDARD, Engine};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::data_type::Int96;
use parquet::schema::types::ColumnDescriptor;
use serde::Serialize;

use super::leaf::Values;

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
pub fn write(out: &mut Vec<u8>, values: &Values, index: usize, form: Form) -> Option<()> {
    match values {
        Values::None => return None,
        Values::Bool(values) => json(out, values.get(index)?),
        Values::Int32(values) => whole(out, i64::from(*values.get(index)?), form, 32),
        Values::Int64(values) => whole(out, *values.get(index)?, form, 64),
        Values::Int96(values) => moment(out, nanoseconds(values.get(index)?), 1_000_000_000, false),
        // Rust writes a single-precision number with the digits that it needs; the server widens it first.
        Values::Float(values) => json(out, &f64::from(*values.get(index)?)),
        Values::Double(values) => json(out, values.get(index)?),
        Values::Bytes(values) => bytes(out, values.get(index)?.data(), form),
        Values::Fixed(values) => bytes(out, values.get(index)?.data(), form),
    }
    Some(())
}

fn nanoseconds(time: &Int96) -> i64 {
    time.to_nanos()
}

fn json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    // A number, a text or a truth is always written.
    if serde_json::to_writer(&mut *out, value).is_err() {
        null(out);
    }
}

fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

fn text(out: &mut Vec<u8>, words: &impl ToString) {
    json(out, &words.to_string());
}

fn whole(out: &mut Vec<u8>, number: i64, form: Form, bits: u32) {
    match form {
        Form::Unsigned if bits == 32 => json(out, &(number as u32)),
        Form::Unsigned => json(out, &(number as u64)),
        Form::Date => {
            let day = TimeDelta::try_days(number);
            let date = day.and_then(|day| NaiveDate::default().checked_add_signed(day));
            match date {
                Some(date) => text(out, &date),
                None => null(out),
            }
        }
        Form::Time(per_second) => time(out, number, per_second),
        Form::Timestamp(per_second, is_utc) => moment(out, number, per_second, is_utc),
        Form::Decimal(scale) => json(out, &decimal(&number.to_string(), scale)),
        _ => json(out, &number),
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

fn time(out: &mut Vec<u8>, number: i64, per_second: i64) {
    let (seconds, micros) = seconds(number, per_second);
    let time = u32::try_from(seconds)
        .ok()
        .and_then(|seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0));
    match time {
        Some(time) => text(
            out,
            &format!("{}{}", time.format("%H:%M:%S"), fraction(micros)),
        ),
        None => null(out),
    }
}

fn moment(out: &mut Vec<u8>, number: i64, per_second: i64, is_utc: bool) {
    let (seconds, micros) = seconds(number, per_second);
    match DateTime::from_timestamp(seconds, 0) {
        Some(time) => {
            let zone = if is_utc { "Z" } else { "" };
            let time = time.format("%Y-%m-%dT%H:%M:%S");
            text(out, &format!("{time}{}{zone}", fraction(micros)));
        }
        None => null(out),
    }
}

fn bytes(out: &mut Vec<u8>, bytes: &[u8], form: Form) {
    match form {
        Form::Text => match std::str::from_utf8(bytes) {
            Ok(words) => json(out, words),
            Err(_) => json(out, &String::from_utf8_lossy(bytes)),
        },
        Form::Json => embedded(out, bytes),
        Form::Decimal(scale) => json(out, &decimal(&big_endian(bytes), scale)),
        Form::Half => match <[u8; 2]>::try_from(bytes) {
            Ok(half) => json(out, &half::f16::from_le_bytes(half).to_f64()),
            Err(_) => null(out),
        },
        _ => json(out, &BASE64_STANDARD.encode(bytes)),
    }
}

/// JSON that a text holds stands in the row as what it is; a text that is none, as a text.
fn embedded(out: &mut Vec<u8>, bytes: &[u8]) {
    let words = String::from_utf8_lossy(bytes);
    match serde_json::from_str::<serde_json::Value>(&words) {
        Ok(value) => json(out, &value),
        Err(_) => json(out, &words),
    }
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

/// A signed whole number of up to 16 bytes; of a longer one nothing is known.
fn big_endian(bytes: &[u8]) -> String {
    if bytes.len() > 16 {
        return "0".to_owned();
    }
    let start = if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        -1
    } else {
        0_i128
    };
    let number = bytes
        .iter()
        .fold(start, |number, byte| (number << 8) | i128::from(*byte));
    number.to_string()
}

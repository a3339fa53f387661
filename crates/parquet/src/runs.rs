//! Parquet's mixture of runs and bit-packed numbers, in which levels and dictionary indices are written.
//! Walked before the decoder sees it: what the decoder takes for granted holds then, and levels are counted.

/// Values of a run at most.
const LONGEST: u64 = i32::MAX as u64;

/// The numbers are not written as they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

/// Some numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run<'b> {
    /// One, so many times.
    Same(u32, u64),
    /// Bit-packed ones: how many whole ones the bytes hold.
    Packed(&'b [u8], u64),
}

/// The runs of some bytes, whose numbers have up to 32 bits.
#[derive(Debug, Clone)]
pub struct Runs<'b> {
    bytes: &'b [u8],
    bits: u32,
}

impl<'b> Runs<'b> {
    pub fn new(bytes: &'b [u8], bits: u32) -> Self {
        Self { bytes, bits }
    }

    /// The next run; none at the end, or where zeros fill up the page.
    pub fn next(&mut self) -> Result<Option<Run<'b>>, Damaged> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let head = self.number()?;
        let count = head >> 1;
        if head == 0 {
            return Ok(None);
        }
        if head & 1 == 0 {
            let (value, rest) = self
                .bytes
                .split_at_checked(self.bits.div_ceil(8) as usize)
                .ok_or(Damaged)?;
            self.bytes = rest;
            let value = value
                .iter()
                .rev()
                .fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
            if value >> self.bits != 0 || count > LONGEST {
                return Err(Damaged);
            }
            return Ok(Some(Run::Same(value as u32, count)));
        }
        let values = count.checked_mul(8).filter(|values| *values <= LONGEST);
        let values = values.ok_or(Damaged)?;
        let bytes = count * u64::from(self.bits);
        // The last run may be cut off behind its last value.
        let there = usize::try_from(bytes).map_or(self.bytes.len(), |n| n.min(self.bytes.len()));
        let (packed, rest) = self.bytes.split_at(there);
        self.bytes = rest;
        let whole = (there as u64 * 8).checked_div(u64::from(self.bits));
        Ok(Some(Run::Packed(
            packed,
            whole.map_or(values, |whole| whole.min(values)),
        )))
    }

    fn number(&mut self) -> Result<u64, Damaged> {
        let mut number = 0;
        for place in 0..5 {
            let (byte, rest) = self.bytes.split_first().ok_or(Damaged)?;
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Damaged)
    }
}

/// Whether some bytes hold so many numbers.
pub fn check(bytes: &[u8], bits: u32, numbers: u64) -> Result<(), Damaged> {
    let mut runs = Runs::new(bytes, bits);
    let mut found = 0;
    while found < numbers {
        found += match runs.next()? {
            Some(Run::Same(_, times)) => times,
            Some(Run::Packed(_, values)) => values,
            None => return Err(Damaged),
        };
    }
    Ok(())
}

/// Gives `numbers` numbers, each with how often it comes in a row.
pub fn each(
    bytes: &[u8],
    bits: u32,
    numbers: u64,
    mut each: impl FnMut(u32, u64),
) -> Result<(), Damaged> {
    let mut runs = Runs::new(bytes, bits);
    let mut rest = numbers;
    while rest > 0 {
        match runs.next()? {
            Some(Run::Same(value, times)) => {
                let times = times.min(rest);
                each(value, times);
                rest -= times;
            }
            Some(Run::Packed(packed, values)) => {
                let values = values.min(rest);
                unpack(packed, bits, values, |value| each(value, 1));
                rest -= values;
            }
            None => return Err(Damaged),
        }
    }
    Ok(())
}

/// Numbers of `bits` bits, the first in the lowest ones.
pub fn unpack(packed: &[u8], bits: u32, values: u64, mut each: impl FnMut(u32)) {
    let mask = (1_u64 << bits) - 1;
    let (mut held, mut holds) = (0_u64, 0);
    let mut bytes = packed.iter();
    for _ in 0..values {
        while holds < bits {
            held |= u64::from(bytes.next().copied().unwrap_or_default()) << holds;
            holds += 8;
        }
        each((held & mask) as u32);
        held >>= bits;
        holds -= bits;
    }
}

/// Numbers of so many bits each: as a run where one comes eight times or more, else bit-packed, eight by eight.
pub fn write(numbers: &[u32], bits: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = numbers;
    while let Some(&first) = rest.first() {
        let same = same(rest);
        let length = match same {
            ..EIGHT => {
                let length = packed(rest);
                write_head(&mut out, (length.div_ceil(EIGHT) as u64) << 1 | 1);
                pack(&mut out, rest.get(..length).unwrap_or_default(), bits);
                length
            }
            EIGHT.. => {
                write_head(&mut out, (same as u64) << 1);
                let bytes = first.to_le_bytes().into_iter();
                out.extend(bytes.take(bits.div_ceil(8) as usize));
                same
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Numbers are packed by so many.
const EIGHT: usize = 8;

/// How often the first number comes before another one does.
fn same(numbers: &[u32]) -> usize {
    let first = numbers.first();
    let mut all = numbers.iter();
    all.position(|number| Some(number) != first)
        .unwrap_or(numbers.len())
}

/// How many numbers come before a run can begin.
fn packed(numbers: &[u32]) -> usize {
    let mut eights = (EIGHT..numbers.len()).step_by(EIGHT);
    let is_run = |at: &usize| numbers.get(*at..).is_some_and(|rest| same(rest) >= EIGHT);
    eights.find(is_run).unwrap_or(numbers.len())
}

fn pack(out: &mut Vec<u8>, numbers: &[u32], bits: u32) {
    let filler = numbers.len().next_multiple_of(EIGHT) - numbers.len();
    let (mut held, mut filled) = (0_u64, 0);
    for number in numbers
        .iter()
        .copied()
        .chain(std::iter::repeat_n(0, filler))
    {
        held |= u64::from(number) << filled;
        filled += bits;
        while filled >= 8 {
            out.push(held as u8);
            held >>= 8;
            filled -= 8;
        }
    }
}

fn write_head(out: &mut Vec<u8>, mut head: u64) {
    while head >= 0x80 {
        out.push(head as u8 | 0x80);
        head >>= 7;
    }
    out.push(head as u8);
}

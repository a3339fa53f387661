//! Thrift's compact protocol, in which a Parquet file describes itself, read without trusting any count in it.
//! Page headers and page indices are read by this; a footer is walked by it before the `parquet` crate reads it.

/// Structures inside of structures at most.
const DEEPEST: usize = 32;
/// Bytes of a variable-length number at most.
const LONGEST_NUMBER: u32 = 10;

/// Why nothing can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bytes end before it does.
    Short,
    /// It is nothing that Parquet has.
    Damaged,
}

type Read<T> = Result<T, Fault>;

/// What stands in the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// A truth: as a field it takes no bytes of its own.
    Bool(bool),
    /// One byte.
    Byte,
    /// A whole number of any width.
    Int,
    /// Eight bytes.
    Double,
    /// Bytes after their length.
    Bytes,
    /// A list or a set.
    List,
    /// Pairs.
    Map,
    /// Fields up to a zero byte.
    Struct,
    /// Sixteen bytes.
    Uuid,
}

impl Wire {
    fn of(code: u8) -> Read<Self> {
        Ok(match code {
            1 => Self::Bool(true),
            2 => Self::Bool(false),
            3 => Self::Byte,
            4..=6 => Self::Int,
            7 => Self::Double,
            8 => Self::Bytes,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            13 => Self::Uuid,
            _ => return Err(Fault::Damaged),
        })
    }

    /// Every item of a collection takes a byte at least, so their number is bounded by the bytes. Truths would not
    /// in each reader's understanding; no structure of Parquet that is read here has a list of them.
    fn of_item(code: u8) -> Read<Self> {
        match Self::of(code)? {
            Self::Bool(_) => Err(Fault::Damaged),
            item => Ok(item),
        }
    }
}

/// What a structure is to look like. A reader that goes by a field's number alone would else take bytes for
/// something that another reader never saw.
#[derive(Debug)]
pub enum Shape {
    Bool,
    Byte,
    Int,
    Double,
    Bytes,
    /// Items, none of which takes fewer bytes.
    List(usize, &'static Shape),
    /// Fields by their numbers; others may stand beside them.
    Struct(&'static [(i16, Shape)]),
}

/// Reads from the first byte on.
#[derive(Debug, Clone)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes that were read.
    pub fn at(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Read<u8> {
        let byte = self.bytes.get(self.at).ok_or(Fault::Short)?;
        self.at += 1;
        Ok(*byte)
    }

    fn pass(&mut self, bytes: u64) -> Read<()> {
        let rest = self.bytes.len().saturating_sub(self.at);
        let bytes = usize::try_from(bytes).map_err(|_| Fault::Short)?;
        if bytes > rest {
            return Err(Fault::Short);
        }
        self.at += bytes;
        Ok(())
    }

    fn unsigned(&mut self) -> Read<u64> {
        let mut number = 0_u64;
        for place in 0..LONGEST_NUMBER {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).wrapping_shl(7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Fault::Damaged)
    }

    /// A whole number.
    pub fn int(&mut self) -> Read<i64> {
        let number = self.unsigned()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The next field's number and kind; none: the structure ends. `last` is the number of the one before.
    pub fn field(&mut self, last: &mut i16) -> Read<Option<(i16, Wire)>> {
        let head = self.byte()?;
        if head & 0x0f == 0 {
            return Ok(None);
        }
        let wire = Wire::of(head & 0x0f)?;
        *last = match head >> 4 {
            0 => self.int()? as i16,
            step => last.checked_add(i16::from(step)).ok_or(Fault::Damaged)?,
        };
        Ok(Some((*last, wire)))
    }

    /// How many items a list has, and what they are.
    pub fn list(&mut self) -> Read<(usize, Wire)> {
        let head = self.byte()?;
        let items = match head >> 4 {
            15 => self.unsigned()?,
            items => u64::from(items),
        };
        let items = usize::try_from(items).map_err(|_| Fault::Damaged)?;
        match items {
            // Some writers name no kind where there is no item.
            0 => Ok((0, Wire::Byte)),
            _ => Ok((items, Wire::of_item(head & 0x0f)?)),
        }
    }

    /// Passes over something.
    pub fn skip(&mut self, wire: Wire) -> Read<()> {
        self.skip_inside(wire, DEEPEST)
    }

    fn skip_inside(&mut self, wire: Wire, depth: usize) -> Read<()> {
        let depth = depth.checked_sub(1).ok_or(Fault::Damaged)?;
        match wire {
            Wire::Bool(_) => Ok(()),
            Wire::Byte => self.pass(1),
            Wire::Int => self.unsigned().map(drop),
            Wire::Double => self.pass(8),
            Wire::Uuid => self.pass(16),
            Wire::Bytes => {
                let length = self.unsigned()?;
                self.pass(length)
            }
            Wire::List => {
                let (items, wire) = self.list()?;
                (0..items).try_for_each(|_| self.skip_inside(wire, depth))
            }
            Wire::Map => {
                let pairs = self.unsigned()?;
                if pairs == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                let (key, value) = (Wire::of_item(kinds >> 4)?, Wire::of_item(kinds & 0x0f)?);
                (0..pairs).try_for_each(|_| {
                    self.skip_inside(key, depth)?;
                    self.skip_inside(value, depth)
                })
            }
            Wire::Struct => {
                let mut last = 0;
                while let Some((_, wire)) = self.field(&mut last)? {
                    self.skip_inside(wire, depth)?;
                }
                Ok(())
            }
        }
    }

    /// Passes over something that has to look like `shape`.
    pub fn walk(&mut self, wire: Wire, shape: &Shape) -> Read<()> {
        match (shape, wire) {
            (Shape::Bool, Wire::Bool(_))
            | (Shape::Byte, Wire::Byte)
            | (Shape::Int, Wire::Int)
            | (Shape::Double, Wire::Double)
            | (Shape::Bytes, Wire::Bytes) => self.skip(wire),
            (Shape::List(least, item), Wire::List) => {
                let (items, wire) = self.list()?;
                let start = self.at;
                (0..items).try_for_each(|_| self.walk(wire, item))?;
                match self.at - start >= items.saturating_mul(*least) {
                    true => Ok(()),
                    false => Err(Fault::Damaged),
                }
            }
            (Shape::Struct(fields), Wire::Struct) => {
                let mut last = 0;
                while let Some((id, wire)) = self.field(&mut last)? {
                    match fields.iter().find(|(known, _)| *known == id) {
                        Some((_, shape)) => self.walk(wire, shape)?,
                        None => self.skip(wire)?,
                    }
                }
                Ok(())
            }
            _ => Err(Fault::Damaged),
        }
    }
}

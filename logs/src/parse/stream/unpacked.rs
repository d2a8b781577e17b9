//! Unpacking alone: the text of a reader as a reader again, for those who measure it apart from cutting.

use std::io::{self, Read};

use super::fault::{Fault, Problem};
use super::input::Input;

/// The text within a reader's bytes: plain, or unpacked from gzip or zstd as a stream would.
pub struct Unpacked<R> {
    input: Input<R>,
}

impl<R: Read> Unpacked<R> {
    /// The text of `reader`. Nothing is read yet.
    pub fn new(reader: R) -> Self {
        Self { input: Input::new(reader) }
    }
}

impl<R: Read> Read for Unpacked<R> {
    /// An error carries the stream's own [`Problem`]; see [`Fault::unwrapped`].
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.input.read(out).map_err(io::Error::other)
    }
}

impl Fault {
    /// The fault as it would be if the stream had unpacked its input itself, instead of reading through [`Unpacked`].
    #[must_use]
    pub fn unwrapped(mut self) -> Self {
        if let Problem::Read { offset, cause } = self.problem {
            self.problem = match cause.downcast::<Problem>() {
                Ok(problem) => problem,
                Err(cause) => Problem::Read { offset, cause },
            };
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::parse::stream::{Batch, LogStream, Options};

    #[test]
    fn damaged_data_is_told_as_the_stream_tells_it() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(b"one\ntwo\nthree\n").expect("in memory");
        let packed = packer.finish().expect("in memory");
        let torn = &packed[..packed.len() - 9];
        let told = |reader: Box<dyn Read>| {
            let mut stream = LogStream::new("f", reader, Options::default());
            loop {
                match stream.next_batch(&mut Batch::default()) {
                    Ok(true) => {}
                    Ok(false) => panic!("the damage must be noticed"),
                    Err(fault) => return fault.unwrapped().problem.to_string(),
                }
            }
        };
        let torn = torn.to_vec();
        let alone = told(Box::new(io::Cursor::new(torn.clone())));
        assert_eq!(told(Box::new(Unpacked::new(io::Cursor::new(torn)))), alone);
        assert!(alone.contains("gzip"), "{alone}");
    }
}

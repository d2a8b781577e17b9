//! What is parsed: files, stdin, objects of S3; each a stream that ends when the run is stopped.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use opstools::app::Context;
use opstools::aws::{Access, Session};
use opstools::error::Failure;
use opstools::objects::Location;
use opstools::run::{Cancel, Run};
use tokio::runtime::Handle;

use crate::piped;
use crate::stored::{Listed, Stored};

/// What stdin is called in messages.
pub const STDIN: &str = "stdin";

/// The inputs of a run, in their order.
pub struct Inputs {
    inputs: Vec<Input>,
}

enum Input {
    Stdin,
    File(PathBuf),
    Stored(Box<Stored>),
}

/// One stream of bytes.
pub struct Opened {
    /// What messages call it.
    pub name: String,
    /// Its bytes.
    pub reader: Box<dyn Read + Send>,
    /// It may grow slowly: what is there is wanted at once.
    pub live: bool,
}

impl Inputs {
    /// The inputs that were named, stdin if none; looks whether they are there, and reads nothing.
    ///
    /// # Errors
    /// One of them is not there, or is a folder.
    pub async fn open(files: &[PathBuf], access: &Access, context: &Context) -> Result<Self, Failure> {
        let mut inputs = Vec::new();
        let mut session = None;
        for file in files {
            inputs.push(match file.to_str() {
                Some("-") => Input::Stdin,
                Some(path) if path.starts_with("s3://") => {
                    let location = Location::parse(path)?;
                    if session.is_none() {
                        let connected = Session::connect(access, context.clock).await?;
                        context.remember_identity(connected.identity.clone());
                        session = Some(connected);
                    }
                    // It was made just above.
                    let Some(session) = &session else { continue };
                    Input::Stored(Box::new(Stored::find(session, location).await?))
                }
                _ => Input::File(there(file)?),
            });
        }
        if files.is_empty() {
            inputs.push(Input::Stdin);
        }
        if inputs.iter().filter(|input| matches!(input, Input::Stdin)).count() > 1 {
            return Err(Failure::usage("stdin is named twice").hint("it can be read once only"));
        }
        Ok(Self { inputs })
    }

    /// Them in a few words.
    pub fn in_words(&self) -> String {
        match self.inputs.as_slice() {
            [one] => one.name(),
            many => format!("{} inputs", many.len()),
        }
    }

    /// One line for each.
    pub fn lines(&self) -> Vec<String> {
        self.inputs.iter().map(Input::name).collect()
    }

    /// What to think about.
    pub fn warnings(&self) -> Vec<String> {
        let waits = self.inputs.iter().any(|input| matches!(input, Input::Stdin)) && io::stdin().is_terminal();
        waits.then(|| "reading the terminal: ^D ends the input".to_owned()).into_iter().collect()
    }

    /// The streams, one after the other. `runtime` reads what comes over the network.
    pub fn streams(self, run: &Run, runtime: &Handle) -> impl Iterator<Item = Result<Opened, Failure>> {
        let (cancel, runtime, notices) = (run.cancel.clone(), runtime.clone(), run.notices.clone());
        self.inputs.into_iter().flat_map(move |input| match input {
            Input::Stdin => Streams::One(Some(Ok(of_stdin(&cancel, &runtime)))),
            Input::File(path) => Streams::One(Some(of_file(path, &cancel, &runtime))),
            Input::Stored(stored) => Streams::Many(stored.start(&cancel, &runtime, &notices)),
        })
    }
}

impl Input {
    fn name(&self) -> String {
        match self {
            Self::Stdin => STDIN.to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Stored(stored) => stored.uri(),
        }
    }
}

/// The streams of one input.
enum Streams {
    One(Option<Result<Opened, Failure>>),
    Many(Listed),
}

impl Iterator for Streams {
    type Item = Result<Opened, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::One(one) => one.take(),
            Self::Many(listed) => listed.next(),
        }
    }
}

fn there(path: &Path) -> Result<PathBuf, Failure> {
    let doing = format!("cannot read `{}`", path.display());
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            Err(Failure::failed(doing).because("it is a folder").hint("name its files, as in `DIR/*.gz`"))
        }
        Ok(_) => Ok(path.to_owned()),
        Err(error) => Err(Failure::failed(doing).because(error)),
    }
}

fn of_file(path: PathBuf, cancel: &Cancel, runtime: &Handle) -> Result<Opened, Failure> {
    let name = path.display().to_string();
    if !path.is_file() {
        let reader = piped::reader(move || File::open(path), cancel, runtime);
        return Ok(Opened { name, reader: Box::new(reader), live: true });
    }
    let file = File::open(&path).map_err(|error| Failure::failed(format!("cannot read `{name}`")).because(error))?;
    Ok(Opened { name, reader: Box::new(Stopping::new(file, cancel.clone())), live: false })
}

/// A file that is redirected is read as one; a pipe or terminal may be silent for long, and must not hold up ^C.
fn of_stdin(cancel: &Cancel, runtime: &Handle) -> Opened {
    let name = STDIN.to_owned();
    match piped::stdin_as_file() {
        Some(file) => Opened { name, reader: Box::new(Stopping::new(file, cancel.clone())), live: false },
        None => Opened { name, reader: Box::new(piped::reader(|| Ok(io::stdin()), cancel, runtime)), live: true },
    }
}

/// A reader whose input ends when the run is stopped.
pub struct Stopping<R> {
    inner: R,
    cancel: Cancel,
}

impl<R> Stopping<R> {
    /// This reader, until the run is stopped.
    pub const fn new(inner: R, cancel: Cancel) -> Self {
        Self { inner, cancel }
    }
}

impl<R: Read> Read for Stopping<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.requested() { Err(piped::stopped()) } else { self.inner.read(buffer) }
    }
}

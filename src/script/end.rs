//! Why a script ends before its end.

use std::cell::RefCell;

use rhai::{Dynamic, EvalAltResult, Position};

use crate::condition::ScriptEnd;

thread_local! {
    /// The first that this call met: some functions of Rhai (sorting, for one) swallow errors, and a script that read a
    /// missing field must not go on.
    static FIRST: RefCell<Option<End>> = const { RefCell::new(None) };
}

/// Why a script ends. It travels inside of Rhai's errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// It read a field that is not given.
    Missing(u32),
    /// A function had no answer.
    Unknown(Option<String>),
    /// It did what cannot be done.
    Failed(String),
}

impl End {
    /// For whoever called the script; a failure has no place here.
    pub(super) fn into_script_end(self) -> ScriptEnd {
        match self {
            Self::Missing(slot) => ScriptEnd::Missing(slot),
            Self::Unknown(reason) => ScriptEnd::Unknown(reason),
            Self::Failed(message) => ScriptEnd::Failed(message),
        }
    }

    /// As an error of Rhai.
    pub(super) fn into_error(self) -> Box<EvalAltResult> {
        self.clone().note();
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(self), Position::NONE))
    }

    /// Keeps it, unless there was one before.
    pub(super) fn note(self) {
        FIRST.with_borrow_mut(|first| {
            first.get_or_insert(self);
        });
    }

    /// The first since this was last asked.
    pub(super) fn take_first() -> Option<Self> {
        FIRST.take()
    }
}

impl From<End> for Box<EvalAltResult> {
    fn from(end: End) -> Self {
        end.into_error()
    }
}

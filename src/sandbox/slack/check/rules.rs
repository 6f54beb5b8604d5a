//! The words in which the tables of blocks and elements are written.

/// Where blocks stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    Message,
    Modal,
    Home,
}

/// What a field must be.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    Flag,
    Whole {
        min: i64,
        max: i64,
    },
    /// A string of 1 to so many characters.
    Words(usize),
    /// A string of 0 to so many characters.
    MaybeEmpty(usize),
    OneOf(&'static [&'static str]),
    /// A `plain_text` object of 1 to so many characters.
    Plain(usize),
    /// A text object of either type.
    Prose(usize),
    /// So many text objects of so many characters.
    Proses {
        most: usize,
        length: usize,
    },
    /// One element of these types.
    Part(&'static [&'static str]),
    /// So many elements of these types.
    Parts {
        min: usize,
        max: usize,
        kinds: &'static [&'static str],
    },
    /// So many options; their text `plain_text` only.
    Options {
        min: usize,
        max: usize,
    },
    /// So many options; their text of either type.
    Boxes {
        min: usize,
        max: usize,
    },
    /// One option; it must be among those offered.
    Choice,
    /// Several options; each must be among those offered.
    Choices,
    Groups,
    Confirm,
    /// So many plain strings.
    Strings(usize),
    /// Rows of cells.
    Rows,
    /// A list of 1 to so many of whatever.
    Many(usize),
    Anything,
}

/// One field of a block or an element.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub needed: bool,
    pub rule: Rule,
}

/// A type of block, element or view.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub name: &'static str,
    pub fields: &'static [Field],
    /// At least one of these must be there.
    pub either: &'static [&'static str],
    pub on: &'static [Surface],
    /// Fields that are not listed are let pass, for want of a paper.
    pub open: bool,
}

pub const EVERYWHERE: &[Surface] = &[Surface::Message, Surface::Modal, Surface::Home];
pub const MESSAGES: &[Surface] = &[Surface::Message];
pub const MODALS: &[Surface] = &[Surface::Modal];

pub const fn must(name: &'static str, rule: Rule) -> Field {
    Field { name, needed: true, rule }
}

pub const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, needed: false, rule }
}

impl Kind {
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Self { name, fields, either: &[], on: EVERYWHERE, open: false }
    }

    pub const fn on(mut self, surfaces: &'static [Surface]) -> Self {
        self.on = surfaces;
        self
    }

    pub const fn either(mut self, names: &'static [&'static str]) -> Self {
        self.either = names;
        self
    }

    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }
}

//! What the program around the window can do and a plain browser cannot: show
//! what waits on its icon, and make room for a newer program.

/// The program around the window, as far as the desk asks something of it.
pub trait Frame: Send + Sync {
    /// The page is there, and has been answered: a window that works.
    fn answered(&self);
    /// So many things wait for the person, which `title` says in words.
    fn waiting(&self, count: u64, title: &str);
    /// Another program is about to open the same laptop: nobody but that one may be found.
    fn step_aside(&self);
    /// It did not: all is as it was.
    fn come_back(&self);
    /// It did: this one ends.
    fn leave(&self);
}

//! The REGISTRY of chapters: the numbered parts of the page, each with its figures, its lesson and its exercises.

/// A chapter, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is described by its entry in ALL")]
pub enum Chapter {
    Workbench,
    Powers,
    Alignment,
    Gradients,
    Laboratory,
    Cliff,
}

/// The slug of the workbench, by which a lesson shows all of it and a link embeds it.
pub const WORKBENCH: &str = "workbench";

/// A chapter, as data.
#[derive(Debug)]
pub struct ChapterSpec {
    /// By which code speaks of it.
    pub chapter: Chapter,
    /// The `id` of its section, and its name in addresses: `present=powers`, `#powers`.
    pub slug: &'static str,
    /// The heading, without its number and without markup.
    pub title: &'static str,
    /// The text of its lesson; `lessons` tells the grammar.
    pub lesson: &'static str,
    /// The action that the space bar stands for while the chapter is presented; empty where nothing plays.
    pub plays: &'static str,
}

/// All chapters; the number of one is its place here, counted from 0: the workbench is before the first.
pub static ALL: [ChapterSpec; 6] = [
    ChapterSpec {
        chapter: Chapter::Workbench,
        slug: WORKBENCH,
        title: "Drag an eigenvalue, switch on a remedy",
        lesson: include_str!("lessons/workbench.txt"),
        plays: "sweep-play",
    },
    ChapterSpec {
        chapter: Chapter::Powers,
        slug: "powers",
        title: "Powers of a matrix",
        lesson: include_str!("lessons/powers.txt"),
        plays: "play",
    },
    ChapterSpec {
        chapter: Chapter::Alignment,
        slug: "alignment",
        title: "A random start turns towards v₁",
        lesson: include_str!("lessons/alignment.txt"),
        plays: "play",
    },
    ChapterSpec {
        chapter: Chapter::Gradients,
        slug: "gradients",
        title: "A gradient on its way back through time",
        lesson: include_str!("lessons/gradients.txt"),
        plays: "",
    },
    ChapterSpec {
        chapter: Chapter::Laboratory,
        slug: "laboratory",
        title: "The laboratory: train it, and treat it",
        lesson: include_str!("lessons/laboratory.txt"),
        plays: "train-start",
    },
    ChapterSpec {
        chapter: Chapter::Cliff,
        slug: "cliff",
        title: "The cliff",
        lesson: include_str!("lessons/cliff.txt"),
        plays: "cliff-play",
    },
];

impl Chapter {
    /// The chapter of that slug.
    pub fn find(slug: &str) -> Option<Self> {
        ALL.iter().find(|spec| spec.slug == slug).map(|spec| spec.chapter)
    }

    /// Its row of [`ALL`].
    pub fn spec(self) -> &'static ChapterSpec {
        &ALL[self as usize]
    }

    /// Its name in addresses.
    pub fn slug(self) -> &'static str {
        self.spec().slug
    }

    /// Its number on the page; the workbench has none on it, and is 0 here.
    pub fn number(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entries_stand_in_the_order_of_the_chapters_and_are_found() {
        for (place, spec) in ALL.iter().enumerate() {
            assert_eq!((spec.chapter.number(), spec.chapter.slug()), (place, spec.slug));
            assert_eq!(Chapter::find(spec.slug), Some(spec.chapter));
        }
        assert_eq!(Chapter::find("tea"), None);
    }
}

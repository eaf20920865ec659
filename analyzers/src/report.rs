//! Reports: renderings of a review, one file per format.

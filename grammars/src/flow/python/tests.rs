//! What Python means in the intermediate form.

package outrider.checker.check.http;

/// What a page has the browser load, or where it has it send a form.
///
/// @param pinned whether the page says by hash what must come (Subresource Integrity)
record SubResource(Kind kind, WebAddress address, boolean pinned) {

    /// What the browser does with it.
    enum Kind {
        SCRIPT,
        STYLE,
        /// Another page or a plug-in's data inside this one.
        FRAME,
        /// Pictures, sound and film.
        MEDIA,
        FORM
    }
}

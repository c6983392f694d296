/// The mark of one version of a resource (AIP-154), made from the version number of its row.
package struct Etag: Sendable, Hashable, CustomStringConvertible {
    package let version: Int64

    package init(version: Int64) { self.version = version }

    /// `"v12"`, with the quotation marks that HTTP and the AIP want.
    package var description: String { "\"v\(version)\"" }

    /// Checks the etag of an update against the version stored; it must be there. `*` stands for any version.
    ///
    /// Throws ETAG_REQUIRED for an empty one and CHANGED_MEANWHILE (aborted) for that of another version.
    package static func require(_ text: String, version: Int64, field: String = "etag") throws(Refusal) {
        guard !text.isEmpty else {
            throw .invalid(
                field: field, reason: "ETAG_REQUIRED", zh: "请先读取最新内容，并带上其 etag 再修改。",
                en: "Read the resource first and send its etag with the change.")
        }
        try check(text, version: version)
    }

    /// Checks the etag of a change for which it is optional: an empty one and `*` pass.
    package static func check(_ text: String, version: Int64) throws(Refusal) {
        if text.isEmpty || text == "*" || text == Etag(version: version).description { return }
        throw .conflict(metadata: ["etag": Etag(version: version).description])
    }
}

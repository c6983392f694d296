/// A resource name (AIP-122) such as `grids/42/events/7`, by a pattern such as `grids/{grid}/events/{event}`.
package struct ResourceName: Sendable, Hashable, CustomStringConvertible {
    /// The ids in the order of the pattern's variables.
    package let ids: [String]
    package let description: String

    /// The name of the resource with these ids.
    ///
    /// - Precondition: there are as many ids as the pattern has variables, each of them valid.
    package init(_ pattern: Pattern, _ ids: String...) {
        precondition(
            ids.count == pattern.variableCount && ids.allSatisfy(ResourceName.isID),
            "the ids of \(pattern.text)")
        self.ids = ids
        var remaining: ArraySlice<String> = ids[...]
        description = pattern.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .variable: remaining.popFirst() ?? ""
            }
        }.joined(separator: "/")
    }

    /// The name in a request; refused if it does not follow the pattern. With `wildcards`, the id `-` stands for all
    /// (AIP-159), as in a List over all parents.
    package init(parsing text: String, _ pattern: Pattern, wildcards: Bool = false, field: String = "name")
        throws(Refusal)
    {
        guard text.utf8.count <= ResourceName.maximumLength,
            let ids = pattern.match(text, wildcards: wildcards)
        else {
            throw .invalid(
                field: field, reason: "RESOURCE_NAME_INVALID", zh: "名称格式应为“\(pattern.text)”。",
                en: "The name must have the form \(pattern.text).", metadata: ["pattern": pattern.text])
        }
        self.ids = ids
        description = text
    }

    /// The last id, which is the resource's own.
    package var id: String { ids.last ?? "" }

    /// Longer names are not looked at.
    package static let maximumLength: Int = 512
    /// The number of characters of one id.
    package static let idLength: ClosedRange<Int> = 1...63

    /// Whether `text` can be the id of a resource: 1 to 63 ASCII letters, digits, `-`, `_`, `.` and `~`, not only `-`,
    /// `.` or `..`.
    package static func isID(_ text: String) -> Bool {
        guard idLength.contains(text.utf8.count), !["-", ".", ".."].contains(text) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."),
                UInt8(ascii: "~"):
                true
            default: false
            }
        }
    }

    /// What the names of one kind of resource look like; the text is that of `google.api.resource`.
    package struct Pattern: Sendable, Hashable, ExpressibleByStringLiteral {
        package let text: String
        fileprivate let segments: [Segment]

        fileprivate enum Segment: Sendable, Hashable {
            case literal(String)
            case variable
        }

        package init(stringLiteral text: String) { self.init(text) }

        /// - Precondition: `text` is made of `/`-separated words and `{variables}`, and has at least one variable.
        package init(_ text: String) {
            self.text = text
            segments = text.split(separator: "/", omittingEmptySubsequences: false).map { part in
                part.hasPrefix("{") && part.hasSuffix("}") ? .variable : .literal(String(part))
            }
            precondition(
                variableCount > 0 && !segments.contains(.literal("")), "a pattern such as cases/{case}")
        }

        fileprivate var variableCount: Int { segments.count(where: { $0 == .variable }) }

        fileprivate func match(_ text: String, wildcards: Bool) -> [String]? {
            let parts: [Substring] = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == segments.count else { return nil }
            var ids: [String] = []
            for (part, segment) in zip(parts, segments) {
                switch segment {
                case .literal(let word):
                    guard part == word else { return nil }
                case .variable:
                    let id: String = String(part)
                    guard isID(id) || wildcards && id == "-" else { return nil }
                    ids.append(id)
                }
            }
            return ids
        }
    }
}

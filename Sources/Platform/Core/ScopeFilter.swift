package import Storage

/// The part of the organisation tree that a caller may see or act in, as a condition for SQL: place × department.
///
/// Rows carry the path of their place, such as `/140500000000/140502000000/140502001000/`. A place and all below it
/// are then one range of the column, which an index serves.
package struct ScopeFilter: Sendable, Equatable {
    /// One place, with all below, limited to a department if one is named.
    private struct Reach: Sendable, Equatable {
        let path: String
        let departmentCode: String?
    }

    private let reaches: [Reach]

    /// Everywhere, for the server itself.
    package static let everything: ScopeFilter = ScopeFilter(reaches: [Reach(path: "/", departmentCode: nil)])
    /// Nowhere.
    package static let nothing: ScopeFilter = ScopeFilter(reaches: [])

    private init(reaches: [Reach]) { self.reaches = reaches }

    /// Where these grants reach.
    package init(_ grants: [Grant]) {
        var reaches: [Reach] = []
        for grant in grants {
            let reach: Reach = Reach(path: grant.scopePath, departmentCode: grant.departmentCode)
            if !reaches.contains(reach) { reaches.append(reach) }
        }
        self.reaches = reaches
    }

    /// A place given by its path, with all below.
    package init(path: String) { reaches = [Reach(path: path, departmentCode: nil)] }

    /// True if nothing can match.
    package var isEmpty: Bool { reaches.isEmpty }

    /// A condition on `column`, the path of the row's place, with its values; the first placeholder is `$firstIndex`.
    /// Put it into the WHERE clause as it is: it brings its own parentheses.
    ///
    /// With a `departmentColumn`, a grant that is limited to a department matches rows of that department. Without one,
    /// such a grant matches nothing: a row that belongs to no department is not the department's business.
    package func sql(column: String, departmentColumn: String? = nil, firstIndex: Int) -> (
        sql: String, values: [SQLValue]
    ) {
        var parts: [String] = []
        var values: [SQLValue] = []
        func placeholder(_ value: String) -> String {
            values.append(.text(value))
            return "$\(firstIndex + values.count - 1)"
        }
        for reach in reaches {
            if reach.departmentCode != nil && departmentColumn == nil { continue }
            let from: String = placeholder(reach.path)
            let to: String = placeholder(ScopeFilter.end(of: reach.path))
            var part: String = "\(column) >= \(from) AND \(column) < \(to)"
            if let code = reach.departmentCode, let departmentColumn {
                part += " AND \(departmentColumn) = \(placeholder(code))"
            }
            parts.append("(\(part))")
        }
        return parts.isEmpty ? ("(1 = 0)", []) : ("(" + parts.joined(separator: " OR ") + ")", values)
    }

    /// Whether a row with this path and department lies inside; the same rule as `sql`.
    package func contains(path: String, departmentCode: String? = nil) -> Bool {
        reaches.contains { reach in
            path.hasPrefix(reach.path)
                && (reach.departmentCode == nil || reach.departmentCode == departmentCode)
        }
    }

    /// The part of this scope that lies in the place with this path, with all below.
    package func within(path: String) -> ScopeFilter {
        ScopeFilter(
            reaches: reaches.compactMap { reach in
                if path.hasPrefix(reach.path) {
                    return Reach(path: path, departmentCode: reach.departmentCode)
                }
                return reach.path.hasPrefix(path) ? reach : nil
            })
    }

    /// The first text after all texts that begin with `path`: paths end in `/`, and `0` is the character after it.
    private static func end(of path: String) -> String { String(path.dropLast()) + "0" }
}

package import Kernel

/// One page of a list (AIP-158): how many rows to ask the store for, from where, and what to answer.
///
/// Ask the store for `limit` rows after `after`, which is one more than is shown, and hand them to `cut`.
package struct Paging: Sendable {
    /// Sort key of the last row of the page before; nil for the first page.
    package let after: [String]?
    private let size: Int
    private let query: [String]

    /// - Parameters:
    ///   - query: everything of the request that decides which rows are in the list and in which order.
    ///   - keyCount: how many values the sort key of a row has; `after` has as many.
    /// - Throws: INVALID_ARGUMENT for a negative size, a damaged token, or the token of another query.
    package init(size: Int32, token: String, query: [String], keyCount: Int = 1) throws(Refusal) {
        self.size = try PageSize(requested: size).count
        after = try PageToken.parse(token, keyCount: keyCount, query: query)?.keys
        self.query = query
    }

    /// The same with other sizes than the usual 20 and 100.
    package init(size: Int32, standard: Int, maximum: Int, token: String, query: [String], keyCount: Int = 1)
        throws(Refusal)
    {
        _ = try PageSize(requested: size)
        self.size = size == 0 ? standard : min(Int(size), maximum)
        after = try PageToken.parse(token, keyCount: keyCount, query: query)?.keys
        self.query = query
    }

    /// Rows to ask the store for.
    package var limit: Int { size + 1 }

    /// Splits what the store answered into the rows to show and the token of the next page, which is empty at the end.
    package func cut<T>(_ rows: [T], key: (T) -> [String]) -> (rows: [T], nextPageToken: String) {
        guard rows.count > size, let last = rows.prefix(size).last else { return (rows, "") }
        return (Array(rows.prefix(size)), token(after: key(last)))
    }

    /// The token of the page after the row with this sort key.
    package func token(after key: [String]) -> String { PageToken(keys: key, query: query).text }
}

/// One step of a module's schema. Steps go forward only and never change once they are released.
package struct Migration: Sendable, Equatable {
    /// Whose tables it makes or changes; the module's tables start with this name and an underscore.
    package let module: String
    /// 1, 2, 3 … within the module, without gaps.
    package let number: Int
    /// What it does, in a few words.
    package let name: String
    /// One or more statements, run in one transaction. No BEGIN, no COMMIT. Every table is STRICT.
    package let sql: String

    package init(module: String, number: Int, name: String, sql: String) {
        self.module = module
        self.number = number
        self.name = name
        self.sql = sql
    }
}

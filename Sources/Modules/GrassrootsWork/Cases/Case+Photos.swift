import Kernel
import Platform

/// The photos of a case are for those who may see the case: staff in whose scope it lies, and whoever reported it.
struct CasePhotoAudience: FileAudience {
    let collection: String = "cases"

    func maySee(subject: String, _ principal: Principal, _ context: ReadContext) throws -> Bool {
        guard subject.hasPrefix("cases/") else { return false }
        let number: String = String(subject.dropFirst("cases/".count))
        if principal.kind == .resident {
            return try CaseStore.find(number, context.connection)?.reporter.resident == principal.name
        }
        return try CaseStore.find(number, in: CaseScope(of: principal), context.connection) != nil
    }
}

import Kernel
import Platform
import Storage

/// Applications as services that people rate: the department that handled them.
struct ApplicationRatings: RatingSubjects {
    func subject(_ name: String, _ context: ReadContext) throws -> RatingSubject? {
        guard name.hasPrefix("applications/"),
            let record = try ApplicationStore.find(
                String(name.dropFirst("applications/".count)), context.connection)
        else { return nil }
        let handlers: [(staff: String, device: String)] = try ApplicationStore.handlers(
            of: record.id, context.connection)
        return RatingSubject(
            name: record.name, text: "\(record.itemText)（\(record.department.text)）",
            departmentCode: record.department.code, departmentPath: record.department.path,
            departmentText: record.department.text, resident: record.applicant,
            handlers: Set(handlers.map(\.staff)),
            handlerDevices: Set(handlers.map(\.device).filter { !$0.isEmpty }),
            readySince: record.details.decision?.deliverTime)
    }
}

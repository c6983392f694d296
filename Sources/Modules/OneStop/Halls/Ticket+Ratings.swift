import Kernel
import Platform
import Storage

/// Tickets as services that people rate: the department whose counters they are, never the clerk.
struct TicketRatings: RatingSubjects {
    let halls: Halls

    func subject(_ name: String, _ context: ReadContext) throws -> RatingSubject? {
        guard name.hasPrefix("tickets/"),
            let ticket: Ticket = try QueueStore.find(
                context.connection, id: String(name.dropFirst("tickets/".count))),
            let hall: Hall = halls.catalogue()?.hall(ticket.hall),
            let department: OrganizationRecord = try Organizations.find(context.connection, hall.department)
        else { return nil }
        let handlers: [(staff: String, device: String)] = try QueueStore.handlers(
            of: ticket.id, context.connection)
        let division: OrganizationRecord? = try department.parentCode.flatMap {
            try Organizations.find(context.connection, $0)
        }
        let matter: String =
            ticket.itemText.isEmpty ? hall.group(ticket.group)?.title.zh ?? ticket.group : ticket.itemText
        return RatingSubject(
            name: ticket.name, text: "\(matter)（\(hall.title.zh)）",
            departmentCode: department.code, departmentPath: department.path,
            departmentText: division.map(department.name(in:)) ?? department.name, resident: ticket.resident,
            handlers: Set(handlers.map(\.staff)),
            handlerDevices: Set(handlers.map(\.device).filter { !$0.isEmpty }),
            readySince: ticket.state == .finished ? ticket.finishTime : nil, claimHash: ticket.claimHash)
    }
}

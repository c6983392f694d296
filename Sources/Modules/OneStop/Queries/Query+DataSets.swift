import Contract
import Kernel
import Platform
import RPC

/// Data sets, for those who keep them.
extension QueryDesk {
    func importDataSet(_ request: OneStopV1.ImportDataSetRequest, _ call: ServerCall) async throws
        -> OneStopV1.ImportDataSetResponse
    {
        guard let wire = request.asOfTime else { throw QueryTexts.asOfMissing }
        let asOf: Instant = try wire.instant(field: "as_of_time")
        let prepared: DataSetBook.Prepared
        do {
            prepared = try await book.prepare(schema: request.schema, content: request.content, asOf: asOf)
        } catch let error as DataFileError {
            return OneStopV1.ImportDataSetResponse(problems: error.problems.map { $0.message(error: true) })
        }
        let answer: OneStopV1.ImportDataSetResponse = OneStopV1.ImportDataSetResponse(
            rows: Int32(clamping: prepared.rows.count),
            problems: prepared.warnings.map { $0.message(error: false) })
        if request.validateOnly { return answer }
        do {
            return try await platform.perform(
                call, request, requestID: request.requestID, action: "data_set.import"
            ) { unit in
                try book.write(prepared, unit)
                return answer
            }
        } catch let error as DataFileError {
            return OneStopV1.ImportDataSetResponse(problems: error.problems.map { $0.message(error: true) })
        }
    }

    func listDataSets(_ request: OneStopV1.ListDataSetsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListDataSetsResponse
    {
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [])
        return try await platform.read(call) { context in
            let sets: [StoredDataSet] = try DataSetStore.list(
                context.connection, after: paging.after?[0] ?? "", limit: paging.limit)
            let page = paging.cut(sets) { [$0.schema.id] }
            return OneStopV1.ListDataSetsResponse(
                dataSets: try page.rows.map { set in
                    let ids: [String] = try set.schema.items.compactMap {
                        try ItemStore.query(context.connection, code: $0.code)?.id
                    }
                    return set.message(items: ids)
                }, nextPageToken: page.nextPageToken)
        }
    }
}

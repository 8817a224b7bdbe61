/** Documents and sources. */

import { documentView } from '../../app/flow/document-view.ts';
import { ingestSource, ingestSourceInput } from '../../app/flow/ingest-source.ts';
import { documentsView, listDocuments, listDocumentsInput } from '../../app/flow/list-documents.ts';
import { listSources, listSourcesInput, sourcesView } from '../../app/flow/list-sources.ts';
import { putDocument, putDocumentInput } from '../../app/flow/put-document.ts';
import { documentTextView, readDocument, readDocumentInput } from '../../app/flow/read-document.ts';
import { removeDocument, removeDocumentInput } from '../../app/flow/remove-document.ts';
import { ingestView } from '../../app/flow/run-view.ts';
import { showIngest, showIngestInput } from '../../app/flow/show-ingest.ts';
import { dataFileView, uploadData, uploadDataInput } from '../../app/flow/upload-data.ts';
import { route } from '../route.ts';

export const documentRoutes = {
  'list-documents': route(listDocumentsInput, documentsView, listDocuments),
  'read-document': route(readDocumentInput, documentTextView, readDocument),
  'put-document': route(putDocumentInput, documentView, putDocument),
  'remove-document': route(removeDocumentInput, documentView, removeDocument),
  'list-sources': route(listSourcesInput, sourcesView, listSources),
  'upload-data': route(uploadDataInput, dataFileView, uploadData),
  'ingest-source': route(ingestSourceInput, ingestView, ingestSource),
  'show-ingest': route(showIngestInput, ingestView, showIngest),
} as const;

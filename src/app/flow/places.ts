/** Where things are below the data folder of the service. */

/** The folder with one workspace for each organisation. */
export const workspacesFolder = 'organisations';
